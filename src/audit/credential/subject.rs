//! The rules for the list in a credential: its purpose, its bits, and what they stand for.

use serde_json::{Map, Value};

use super::credential_judgement::{CredentialChecks, CredentialJudgement};
use super::properties::list_rule;
use crate::audit::finding::{Finding, Findings, Problem, Severity, chain};
use crate::list::BitOrder;
use crate::token::InflateLimit;
use crate::token::w3c::reading::{
    self, CredentialError, Purposes, TimeToLive, encoded_list, purposes, status_size, subject_type,
};
use crate::token::w3c::{
    Bitstring, DecodedList, Deviation, ListFormat, MINIMUM_ENTRIES, MessagesError, PackedList,
    PublishedMessages, Spelling, StatusSize, published_messages,
};

const VALIDATE: &str = "Bitstring Status List v1.0, section 3.2";
const EXPAND: &str = "Bitstring Status List v1.0, section 3.4";

/// The purposes that the specifications define.
const PURPOSES: [&str; 4] = ["refresh", "revocation", "suspension", "message"];

/// What only a Bitstring Status List may say.
const NEWER: [&str; 4] = ["ttl", "statusSize", "statusMessages", "statusMessage"];

/// Less makes readers ask all the time, in milliseconds.
const SHORTEST: u64 = 10_000;

/// A credential whose text was judged. Its list is not inflated yet: whoever judges it can let go of
/// the text before.
pub(super) struct Text {
    said: CredentialJudgement,
    list: Option<PackedList>,
    size: Option<StatusSize>,
}

/// Judges the list as far as its credential, which says this of itself, says what is in it.
pub(super) fn judge_subject(
    credential: &Map<String, Value>,
    said: CredentialJudgement,
    checks: &CredentialChecks<'_>,
    findings: &mut Findings,
) -> Text {
    let format = said.format;
    let subject = format.and_then(|format| {
        let subject = findings.readable(list_rule(format), reading::subject(credential));
        Some((format, subject?))
    });
    let Some((format, subject)) = subject else {
        return Text {
            said,
            list: None,
            size: None,
        };
    };
    let rule = list_rule(format);
    let mut rules = SubjectRules {
        subject,
        format,
        findings,
    };
    rules.findings.readable(rule, subject_type(subject, format));
    let purposes = rules.purposes(checks.purpose);
    let (mut ttl, mut messages, mut size) = (None, Vec::new(), Some(StatusSize::ONE));
    if format == ListFormat::Bitstring {
        ttl = rules.ttl(&said);
        size = rules.size();
        if let Some(size) = size {
            messages = rules.messages(size, &purposes);
        }
    } else {
        rules.newer_members();
    }
    let encoded = findings.readable(rule, encoded_list(subject));
    let decoded = encoded.map(|text| PackedList::decode(format, text));
    Text {
        list: decoded.and_then(|list| findings.readable(rule, list)),
        size,
        said: CredentialJudgement {
            purposes,
            ttl,
            messages,
            ..said
        },
    }
}

impl Text {
    /// Judges what is in the list.
    pub(super) fn unpacked(
        self,
        limit: InflateLimit,
        findings: &mut Findings,
    ) -> CredentialJudgement {
        let (Some(list), Some(format)) = (self.list, self.said.format) else {
            return self.said;
        };
        let list = match list.inflate(limit) {
            Ok(list) => list,
            Err(error) => {
                let rule = match format {
                    ListFormat::Bitstring => EXPAND,
                    _ => list_rule(format),
                };
                let finding = Finding::of(Severity::Error, rule, chain(&error));
                findings.push(finding.called(Problem::MalformedValue).inflating(&error));
                return self.said;
            }
        };
        deviations(&list, format, findings);
        // Without the size nobody knows where an entry begins.
        let bits = self.size.map(|size| Bitstring {
            bytes: list.bytes,
            size,
            order: BitOrder::Msb,
        });
        if let Some(bits) = bits.as_ref().filter(|bits| bits.is_below_minimum()) {
            let rule = match format {
                ListFormat::Bitstring => VALIDATE,
                _ => list_rule(format),
            };
            let text = format!(
                "the list has {} entries, fewer than {MINIMUM_ENTRIES}",
                bits.entries()
            );
            let finding = Finding::of(Severity::Error, rule, text);
            findings.push(finding.called(Problem::StatusListLength));
        }
        CredentialJudgement {
            compressed: Some(list.compressed),
            counts: bits.as_ref().map(Bitstring::count).unwrap_or_default(),
            bits,
            ..self.said
        }
    }
}

/// What a list is judged by, and what was found.
struct SubjectRules<'a> {
    subject: &'a Map<String, Value>,
    format: ListFormat,
    findings: &'a mut Findings,
}

impl SubjectRules<'_> {
    /// What the list is for. `wanted` is what the entry in question is for.
    fn purposes(&mut self, wanted: Option<&str>) -> Vec<String> {
        let rule = list_rule(self.format);
        if self.format == ListFormat::RevocationList2020 {
            if self.subject.contains_key("statusPurpose") {
                self.findings
                    .warn(rule, "it has statusPurpose, which its format has not");
            }
            return self.compared(&Purposes::One("revocation"), wanted);
        }
        let Some(found) = self.findings.readable(rule, purposes(self.subject)) else {
            return Vec::new();
        };
        if let Purposes::Array(_) = found {
            let text = "statusPurpose is an array, which some readers refuse";
            match self.format {
                ListFormat::Bitstring => self.findings.warn(rule, text),
                _ => self
                    .findings
                    .malformed(rule, "statusPurpose is an array, not a string"),
            }
        }
        let names = self.compared(&found, wanted);
        let unknown: Vec<_> = names
            .iter()
            .filter(|purpose| !PURPOSES.contains(&purpose.as_str()))
            .map(|purpose| format!("{purpose:?}"))
            .collect();
        if !unknown.is_empty() {
            let text = format!("nobody defined the purpose {}", unknown.join(", "));
            self.findings.note(rule, text);
        }
        names
    }

    /// Compares what the list is for with what the entry in question is for.
    fn compared(&mut self, found: &Purposes<'_>, wanted: Option<&str>) -> Vec<String> {
        let names = match found {
            Purposes::One(only) => std::slice::from_ref(only),
            Purposes::Array(several) => several,
        };
        if let Some(wanted) = wanted.filter(|wanted| !found.contain(wanted)) {
            let rule = match self.format {
                ListFormat::RevocationList2020 => list_rule(self.format),
                _ => VALIDATE,
            };
            let text = format!("the list is for {}, not for {wanted:?}", names.join(", "));
            self.findings.unverified(rule, text);
        }
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn ttl(&mut self, said: &CredentialJudgement) -> Option<u64> {
        let rule = list_rule(self.format);
        let Some(ttl) = self.findings.readable(rule, reading::ttl(self.subject))? else {
            let text = "there is no ttl: readers guess how long to keep a copy";
            self.findings.note(rule, text);
            return None;
        };
        if let TimeToLive::Text(_) = ttl {
            self.findings
                .warn(rule, "ttl is a string: readers expect a number");
        }
        let milliseconds = ttl.milliseconds();
        if milliseconds < SHORTEST {
            let text = format!("ttl is {milliseconds} milliseconds: were seconds meant?");
            self.findings.warn(rule, text);
        }
        if let (Some(from), Some(until)) = (said.valid_from, said.valid_until) {
            let validity = until.second().saturating_sub(from.second());
            if u64::try_from(validity).is_ok_and(|validity| milliseconds / 1000 > validity) {
                self.findings
                    .warn(rule, "ttl is longer than the credential is valid");
            }
        }
        Some(milliseconds)
    }

    fn size(&mut self) -> Option<StatusSize> {
        status_size(self.subject)
            .map_err(|error| {
                let rule = match &error {
                    // Readers need not know more than one bit.
                    CredentialError::StatusSize(size) if size.0 > 8 => {
                        "Bitstring Status List v1.0, section 1.3"
                    }
                    _ => list_rule(self.format),
                };
                self.findings.malformed(rule, chain(&error));
            })
            .ok()
    }

    fn messages(&mut self, size: StatusSize, purposes: &[String]) -> Vec<(u8, String)> {
        let rule = list_rule(self.format);
        let is_message = purposes.iter().any(|name| name == "message");
        if is_message && !self.subject.contains_key("statusSize") {
            self.findings
                .malformed(rule, "the purpose is message, but there is no statusSize");
        }
        match published_messages(self.subject, size) {
            Ok(None) if is_message || size > StatusSize::ONE => {
                let text = "there are no statusMessages: nothing says what the values stand for";
                self.findings.malformed(rule, text);
            }
            Ok(None) => {}
            Ok(Some(PublishedMessages { spelling, messages })) => {
                if spelling == Spelling::Singular {
                    let text = "the messages are called statusMessage, as in an entry, not \
                                statusMessages";
                    self.findings.warn(rule, text);
                }
                return messages
                    .into_iter()
                    .map(|(value, message)| (value, message.to_owned()))
                    .collect();
            }
            Err(error) => {
                let rule = match error {
                    MessagesError::BothSpellings => rule,
                    _ => "Bitstring Status List v1.0, section 2.1",
                };
                self.findings.malformed(rule, chain(&error));
            }
        }
        Vec::new()
    }

    fn newer_members(&mut self) {
        let found: Vec<_> = NEWER
            .into_iter()
            .filter(|name| self.subject.contains_key(*name))
            .collect();
        if !found.is_empty() {
            let text = format!(
                "readers of this kind of list pass over {}",
                found.join(", ")
            );
            self.findings.warn(list_rule(self.format), text);
        }
    }
}

/// A Bitstring Status List has one encoding. The prose of the older two differs from what their
/// examples and readers have.
fn deviations(list: &DecodedList, format: ListFormat, findings: &mut Findings) {
    for deviation in &list.deviations {
        let text = deviation.to_string();
        let rule = list_rule(format);
        match (format, deviation) {
            (ListFormat::Bitstring, _) | (ListFormat::StatusList2021, Deviation::Zlib) => {
                findings.malformed(rule, text);
            }
            _ => findings.warn(rule, text),
        }
    }
}
