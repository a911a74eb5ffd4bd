//! The rules for every credential: types, contexts, identifier, issuer and validity.

use serde_json::{Map, Value};

use super::credential_judgement::{
    CredentialChecks, CredentialForm, CredentialJudgement, ListReference,
};
use crate::audit::finding::{Findings, chain};
use crate::list::Timestamp;
use crate::token::is_uri;
use crate::token::w3c::reading::{
    self, CredentialError, Issuer, credential_type, data_model, date, period,
};
use crate::token::w3c::{DataModel, ListFormat};

/// The context of embedded proofs, which VCDM 2.0 has in its own.
const DATA_INTEGRITY: &str = "https://w3id.org/security/data-integrity/v2";

/// What the same thing is called in both versions of the data model, and where that stands.
struct PropertyPlaces {
    types: &'static str,
    contexts: &'static str,
    identifiers: &'static str,
    issuer: &'static str,
    validity: &'static str,
}

const V2: PropertyPlaces = PropertyPlaces {
    types: "VCDM 2.0, section 4.5",
    contexts: "VCDM 2.0, section 4.3",
    identifiers: "VCDM 2.0, section 4.4",
    issuer: "VCDM 2.0, section 4.7",
    validity: "VCDM 2.0, section 4.9",
};

const V1: PropertyPlaces = PropertyPlaces {
    types: "VCDM 1.1, section 4.3",
    contexts: "VCDM 1.1, section 4.1",
    identifiers: "VCDM 1.1, section 4.2",
    issuer: "VCDM 1.1, section 4.5",
    validity: "VCDM 1.1, sections 4.6 and 4.8",
};

impl PropertyPlaces {
    const fn of(model: DataModel) -> &'static Self {
        match model {
            DataModel::V1 => &V1,
            DataModel::V2 => &V2,
        }
    }
}

/// The section that defines the credential of a list.
pub(super) const fn list_rule(format: ListFormat) -> &'static str {
    match format {
        ListFormat::Bitstring => "Bitstring Status List v1.0, section 2.2",
        ListFormat::StatusList2021 => "StatusList2021, section 2.2",
        ListFormat::RevocationList2020 => "RevocationList2020",
    }
}

/// Judges a credential without its proofs and without its list.
pub(super) fn judge_properties(
    credential: &Map<String, Value>,
    form: CredentialForm,
    checks: &CredentialChecks<'_>,
    findings: &mut Findings,
) -> CredentialJudgement {
    let mut rules = PropertyRules {
        credential,
        checks,
        findings,
    };
    let mut references = references(credential);
    let format = rules.format(references.first());
    if format.is_some() {
        references.clear();
    }
    let stated = data_model(credential).ok();
    let model = format
        .map(ListFormat::data_model)
        .or(stated)
        .unwrap_or(DataModel::V2);
    let rule = PropertyPlaces::of(model);
    rules
        .findings
        .readable(rule.types, credential_type(credential));
    if let Some(format) = format {
        rules.contexts(format, stated, form);
    }
    let id = rules.id(format, rule);
    let issuer = rules.issuer(rule);
    let valid_from = rules.date(model.valid_from(), rule.validity);
    let valid_until = rules.valid_until(model, valid_from);
    CredentialJudgement {
        form,
        has_credential: !credential.is_empty(),
        format,
        id,
        issuer,
        valid_from,
        valid_until,
        references,
        ..CredentialJudgement::default()
    }
}

/// What properties are judged by, and what was found. No rule sees what another one found.
struct PropertyRules<'a> {
    credential: &'a Map<String, Value>,
    checks: &'a CredentialChecks<'a>,
    findings: &'a mut Findings,
}

impl PropertyRules<'_> {
    /// Finds out which kind of list it is, also if only the list itself says so. `reference` is
    /// where its own status is.
    fn format(&mut self, reference: Option<&ListReference>) -> Option<ListFormat> {
        let error = match reading::format(self.credential) {
            Ok(format) => return Some(format),
            Err(error) => error,
        };
        let named = reading::subject(self.credential)
            .ok()
            .and_then(|subject| subject.get("type"))
            .and_then(Value::as_str);
        let format = ListFormat::ALL
            .into_iter()
            .find(|format| Some(format.subject_type()) == named);
        match reference {
            Some(ListReference { uri, index }) if format.is_none() => {
                let text = format!("it is a credential, whose status is entry {index} of {uri}");
                self.findings
                    .error("Bitstring Status List v1.0, section 2.1", text);
            }
            _ => {
                let rule = list_rule(format.unwrap_or(ListFormat::Bitstring));
                self.findings.malformed(rule, chain(&error));
            }
        }
        format
    }

    fn contexts(&mut self, format: ListFormat, stated: Option<DataModel>, form: CredentialForm) {
        let rule = PropertyPlaces::of(format.data_model());
        let contexts = match self.credential.get("@context") {
            None => {
                let error = CredentialError::Missing("@context");
                return self.findings.malformed(rule.contexts, chain(&error));
            }
            Some(Value::Array(contexts)) => contexts.as_slice(),
            Some(single) => {
                self.findings
                    .warn(rule.contexts, "@context is not an array");
                std::slice::from_ref(single)
            }
        };
        if contexts
            .iter()
            .any(|context| !context.is_string() && !context.is_object())
        {
            let text = "an element of @context is neither a url nor an object";
            self.findings.malformed(rule.contexts, text);
        }
        match (stated, format) {
            (None, _) => self
                .findings
                .malformed(rule.contexts, chain(&CredentialError::Context)),
            (Some(DataModel::V2), ListFormat::Bitstring) => {}
            (Some(DataModel::V1), ListFormat::Bitstring) => self.findings.malformed(
                list_rule(format),
                "@context is that of VCDM 1.1: the list must be a credential of VCDM 2.0",
            ),
            (Some(DataModel::V2), _) => self.findings.warn(
                list_rule(format),
                "@context is that of VCDM 2.0: readers of this kind of list expect VCDM 1.1",
            ),
            (Some(DataModel::V1), _) => {}
        }
        let mut needed = format.contexts().get(1..).unwrap_or_default().to_vec();
        if form == CredentialForm::Embedded && stated == Some(DataModel::V1) {
            needed.push(DATA_INTEGRITY);
        }
        for context in needed {
            if !contexts.iter().any(|found| found == context) {
                let text = format!("@context lacks {context}: JSON-LD readers miss its terms");
                self.findings.warn(rule.contexts, text);
            }
        }
    }

    /// The id is what ties a list to the place where credentials look for it.
    fn id(&mut self, format: Option<ListFormat>, rule: &PropertyPlaces) -> Option<String> {
        let list = list_rule(format.unwrap_or(ListFormat::Bitstring));
        let read = reading::id(self.credential);
        let Some(id) = self.findings.readable(rule.identifiers, read)? else {
            let text = "there is no id: nothing says which list it is";
            match (self.checks.uri, format) {
                (Some(uri), _) => {
                    let text = format!("there is no id: it is not the uri {uri:?}");
                    self.findings.unverified(list, text);
                }
                (None, Some(ListFormat::RevocationList2020)) => self.findings.malformed(list, text),
                (None, _) => self.findings.warn(list, text),
            }
            return None;
        };
        if !is_uri(id) {
            self.findings
                .malformed(rule.identifiers, format!("id is {id:?}, which is no url"));
        }
        if let Some(uri) = self.checks.uri.filter(|uri| *uri != id) {
            self.findings
                .unverified(list, format!("id is {id:?}, not the uri {uri:?}"));
        }
        Some(id.to_owned())
    }

    fn issuer(&mut self, rule: &PropertyPlaces) -> Option<String> {
        let read = reading::issuer(self.credential);
        let issuer = self.findings.readable(rule.issuer, read)?;
        if let Issuer::Object(_) = issuer {
            self.findings.warn(
                rule.issuer,
                "issuer is an object: some readers expect a url",
            );
        }
        if !is_uri(issuer.id()) {
            let text = format!("issuer is {:?}, which is no url", issuer.id());
            self.findings.malformed(rule.issuer, text);
        }
        Some(issuer.id().to_owned())
    }

    /// Until when it is valid, and whether that makes sense with `from`.
    fn valid_until(&mut self, model: DataModel, from: Option<Timestamp>) -> Option<Timestamp> {
        let rule = PropertyPlaces::of(model).validity;
        let until = self.date(model.valid_until(), rule);
        let other = match model {
            DataModel::V1 => DataModel::V2,
            DataModel::V2 => DataModel::V1,
        };
        let foreign = [other.valid_from(), other.valid_until()];
        for member in foreign
            .iter()
            .filter(|name| self.credential.contains_key(**name))
        {
            let text = format!("it has {member}, which its version of the data model has not");
            self.findings.warn(rule, text);
        }
        // Some who publish an older list write the newer names, as its draft does.
        let until = match (until, model) {
            (None, DataModel::V1) => self.date(other.valid_until(), rule),
            (until, _) => until,
        };
        if model == DataModel::V1 && !self.credential.contains_key(model.valid_from()) {
            let text = format!("there is no {}", model.valid_from());
            self.findings.malformed(rule, text);
        }
        if until.is_none() && !self.credential.contains_key(model.valid_until()) {
            let text = format!(
                "there is no {}: an old copy can be replayed for ever",
                model.valid_until()
            );
            self.findings.warn(rule, text);
        }
        self.findings.readable(rule, period(from, until));
        let moment = self.checks.moment();
        if let Some(from) = from.filter(|from| *from > moment) {
            self.findings
                .unverified(rule, format!("it is not valid before {from}"));
        }
        if let Some(until) = until.filter(|until| *until <= moment) {
            self.findings
                .unverified(rule, format!("its validity ended at {until}"));
        }
        until
    }

    fn date(&mut self, member: &'static str, rule: &str) -> Option<Timestamp> {
        let read = date(self.credential, member);
        self.findings.readable(rule, read).flatten()
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
