//! The rules for every credential: types, contexts, identifier, issuer and validity.

use serde_json::{Map, Value};

use super::credential_judgement::{CredentialForm, ListReference};
use super::judge::Judge;
use super::subject::Packed;
use crate::audit::finding::chain;
use crate::list::Timestamp;
use crate::token::is_uri;
use crate::token::w3c::reading::{
    self, CredentialError, Issuer, credential_type, data_model, date, period,
};
use crate::token::w3c::{DataModel, Format};

/// The context of embedded proofs, which VCDM 2.0 has in its own.
const DATA_INTEGRITY: &str = "https://w3id.org/security/data-integrity/v2";

/// What the same thing is called in both versions of the data model, and where that stands.
struct Rule {
    types: &'static str,
    contexts: &'static str,
    identifiers: &'static str,
    issuer: &'static str,
    validity: &'static str,
}

const V2: Rule = Rule {
    types: "VCDM 2.0, section 4.5",
    contexts: "VCDM 2.0, section 4.3",
    identifiers: "VCDM 2.0, section 4.4",
    issuer: "VCDM 2.0, section 4.7",
    validity: "VCDM 2.0, section 4.9",
};

const V1: Rule = Rule {
    types: "VCDM 1.1, section 4.3",
    contexts: "VCDM 1.1, section 4.1",
    identifiers: "VCDM 1.1, section 4.2",
    issuer: "VCDM 1.1, section 4.5",
    validity: "VCDM 1.1, sections 4.6 and 4.8",
};

impl Rule {
    const fn of(model: DataModel) -> &'static Self {
        match model {
            DataModel::V1 => &V1,
            DataModel::V2 => &V2,
        }
    }
}

/// The section that defines the credential of a list.
pub(super) const fn list_rule(format: Format) -> &'static str {
    match format {
        Format::Bitstring => "Bitstring Status List v1.0, section 2.2",
        Format::StatusList2021 => "StatusList2021, section 2.2",
        Format::RevocationList2020 => "RevocationList2020",
    }
}

impl Judge<'_> {
    /// Judges a credential without its proofs, and without what is in its list.
    pub(super) fn credential(&mut self, credential: &Map<String, Value>) -> Option<Packed> {
        let format = self.format(credential);
        self.judgement.format = format;
        let stated = data_model(credential).ok();
        let model = format.map(Format::data_model).or(stated);
        let rule = Rule::of(model.unwrap_or(DataModel::V2));
        if let Err(error) = credential_type(credential) {
            self.malformed(rule.types, chain(&error));
        }
        self.contexts(credential, format, stated);
        self.id(credential, format, rule);
        self.issuer(credential, rule);
        self.validity(credential, model.unwrap_or(DataModel::V2));
        self.list(credential, format?)
    }

    /// Finds out which kind of list it is, also if only the list itself says so.
    fn format(&mut self, credential: &Map<String, Value>) -> Option<Format> {
        let error = match reading::format(credential) {
            Ok(format) => return Some(format),
            Err(error) => error,
        };
        let named = reading::subject(credential)
            .ok()
            .and_then(|subject| subject.get("type"))
            .and_then(Value::as_str);
        let format = Format::ALL
            .into_iter()
            .find(|format| Some(format.subject_type()) == named);
        let references = references(credential);
        let rule = list_rule(format.unwrap_or(Format::Bitstring));
        match references.first() {
            Some(first) if format.is_none() => {
                let ListReference { uri, index } = first;
                let text = format!("it is a credential, whose status is entry {index} of {uri}");
                self.error("Bitstring Status List v1.0, section 2.1", text);
                self.judgement.references = references;
            }
            _ => self.malformed(rule, chain(&error)),
        }
        format
    }

    fn contexts(
        &mut self,
        credential: &Map<String, Value>,
        format: Option<Format>,
        stated: Option<DataModel>,
    ) {
        let Some(format) = format else { return };
        let rule = Rule::of(format.data_model());
        let contexts = match credential.get("@context") {
            None => {
                let error = CredentialError::Missing("@context");
                return self.malformed(rule.contexts, chain(&error));
            }
            Some(Value::Array(contexts)) => contexts.as_slice(),
            Some(single) => {
                self.warn(rule.contexts, "@context is not an array");
                std::slice::from_ref(single)
            }
        };
        if contexts
            .iter()
            .any(|context| !context.is_string() && !context.is_object())
        {
            let text = "an element of @context is neither a url nor an object";
            self.malformed(rule.contexts, text);
        }
        match (stated, format) {
            (None, _) => self.malformed(rule.contexts, chain(&CredentialError::Context)),
            (Some(DataModel::V2), Format::Bitstring) => {}
            (Some(DataModel::V1), Format::Bitstring) => self.malformed(
                list_rule(format),
                "@context is that of VCDM 1.1: the list must be a credential of VCDM 2.0",
            ),
            (Some(DataModel::V2), _) => self.warn(
                list_rule(format),
                "@context is that of VCDM 2.0: readers of this kind of list expect VCDM 1.1",
            ),
            (Some(DataModel::V1), _) => {}
        }
        let mut needed = format.contexts().get(1..).unwrap_or_default().to_vec();
        if self.judgement.form == CredentialForm::Embedded && stated == Some(DataModel::V1) {
            needed.push(DATA_INTEGRITY);
        }
        for context in needed {
            if !contexts.iter().any(|found| found == context) {
                let text = format!("@context lacks {context}: JSON-LD readers miss its terms");
                self.warn(rule.contexts, text);
            }
        }
    }

    /// The id is what ties a list to the place where credentials look for it.
    fn id(&mut self, credential: &Map<String, Value>, format: Option<Format>, rule: &Rule) {
        let id = match reading::id(credential) {
            Ok(Some(id)) => id,
            Ok(None) => {
                let list = list_rule(format.unwrap_or(Format::Bitstring));
                let text = "there is no id: nothing says which list it is";
                return match (self.checks.uri, format) {
                    (Some(uri), _) => {
                        self.unverified(list, format!("there is no id: it is not the uri {uri:?}"));
                    }
                    (None, Some(Format::RevocationList2020)) => self.malformed(list, text),
                    (None, _) => self.warn(list, text),
                };
            }
            Err(error) => return self.malformed(rule.identifiers, chain(&error)),
        };
        if !is_uri(id) {
            self.malformed(rule.identifiers, format!("id is {id:?}, which is no url"));
        }
        if let Some(uri) = self.checks.uri.filter(|uri| *uri != id) {
            let list = list_rule(format.unwrap_or(Format::Bitstring));
            self.unverified(list, format!("id is {id:?}, not the uri {uri:?}"));
        }
        self.judgement.id = Some(id.to_owned());
    }

    fn issuer(&mut self, credential: &Map<String, Value>, rule: &Rule) {
        let issuer = match reading::issuer(credential) {
            Ok(issuer) => issuer,
            Err(error) => return self.malformed(rule.issuer, chain(&error)),
        };
        if let Issuer::Object(_) = issuer {
            self.warn(
                rule.issuer,
                "issuer is an object: some readers expect a url",
            );
        }
        if !is_uri(issuer.id()) {
            let text = format!("issuer is {:?}, which is no url", issuer.id());
            self.malformed(rule.issuer, text);
        }
        self.judgement.issuer = Some(issuer.id().to_owned());
    }

    fn validity(&mut self, credential: &Map<String, Value>, model: DataModel) {
        let rule = Rule::of(model).validity;
        let from = self.date(credential, model.valid_from(), rule);
        let until = self.date(credential, model.valid_until(), rule);
        let other = match model {
            DataModel::V1 => DataModel::V2,
            DataModel::V2 => DataModel::V1,
        };
        let foreign = [other.valid_from(), other.valid_until()];
        for member in foreign
            .iter()
            .filter(|name| credential.contains_key(**name))
        {
            let text = format!("it has {member}, which its version of the data model has not");
            self.warn(rule, text);
        }
        // Some who publish an older list write the newer names, as its draft does.
        let until = match (until, model) {
            (None, DataModel::V1) => self.date(credential, other.valid_until(), rule),
            (until, _) => until,
        };
        if model == DataModel::V1 && !credential.contains_key(model.valid_from()) {
            let text = format!("there is no {}", model.valid_from());
            self.malformed(rule, text);
        }
        if until.is_none() && !credential.contains_key(model.valid_until()) {
            let text = format!(
                "there is no {}: an old copy can be replayed for ever",
                model.valid_until()
            );
            self.warn(rule, text);
        }
        if let Err(error) = period(from, until) {
            self.malformed(rule, chain(&error));
        }
        let moment = self.moment();
        if let Some(from) = from.filter(|from| *from > moment) {
            self.unverified(rule, format!("it is not valid before {from}"));
        }
        if let Some(until) = until.filter(|until| *until <= moment) {
            self.unverified(rule, format!("its validity ended at {until}"));
        }
        self.judgement.valid_from = from;
        self.judgement.valid_until = until;
    }

    fn date(
        &mut self,
        credential: &Map<String, Value>,
        member: &'static str,
        rule: &str,
    ) -> Option<Timestamp> {
        date(credential, member).unwrap_or_else(|error| {
            self.malformed(rule, chain(&error));
            None
        })
    }
}

/// The entries of lists that a credential names as its status.
fn references(credential: &Map<String, Value>) -> Vec<ListReference> {
    let status = match credential.get("credentialStatus") {
        None => return Vec::new(),
        Some(Value::Array(entries)) => entries.as_slice(),
        Some(single) => std::slice::from_ref(single),
    };
    let text = |entry: &Value, names: [&str; 2]| {
        names
            .iter()
            .find_map(|name| entry.get(*name)?.as_str().map(str::to_owned))
    };
    status
        .iter()
        .filter_map(|entry| {
            Some(ListReference {
                uri: text(entry, ["statusListCredential", "revocationListCredential"])?,
                index: text(entry, ["statusListIndex", "revocationListIndex"])?,
            })
        })
        .collect()
}
