//! The rules for the list in a credential: its purpose, its bits, and what they stand for.

use serde_json::{Map, Value};

use super::judge::Judge;
use super::properties::list_rule;
use crate::audit::finding::chain;
use crate::audit::{Finding, Problem, Severity};
use crate::list::BitOrder;
use crate::token::w3c::reading::{
    self, CredentialError, Purposes, TimeToLive, encoded_list, purposes, status_size, subject_type,
};
use crate::token::w3c::{
    Bitstring, DecodedList, Deviation, Format, MINIMUM_ENTRIES, MessagesError, PackedList,
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

/// A list that is not inflated yet: whoever judges it can let go of the credential before.
pub(super) struct Packed {
    list: PackedList,
    format: Format,
    size: Option<StatusSize>,
}

impl Judge<'_> {
    /// Judges the list as far as the credential says what is in it.
    pub(super) fn list(
        &mut self,
        credential: &Map<String, Value>,
        format: Format,
    ) -> Option<Packed> {
        let rule = list_rule(format);
        let subject = match reading::subject(credential) {
            Ok(subject) => subject,
            Err(error) => {
                self.malformed(rule, chain(&error));
                return None;
            }
        };
        if let Err(error) = subject_type(subject, format) {
            self.malformed(rule, chain(&error));
        }
        self.purposes(subject, format);
        let size = if format == Format::Bitstring {
            self.ttl(subject);
            let size = self.size(subject);
            self.messages(subject, size);
            size
        } else {
            self.newer_members(subject, format);
            Some(StatusSize::ONE)
        };
        let text = match encoded_list(subject) {
            Ok(text) => text,
            Err(error) => {
                self.malformed(rule, chain(&error));
                return None;
            }
        };
        match PackedList::decode(format, text) {
            Ok(list) => Some(Packed { list, format, size }),
            Err(error) => {
                self.malformed(rule, chain(&error));
                None
            }
        }
    }

    /// Judges what is in the list.
    pub(super) fn packed(&mut self, packed: Packed) {
        let Packed { list, format, size } = packed;
        match list.inflate(self.checks.limit) {
            Ok(list) => {
                self.deviations(&list, format);
                self.judgement.compressed = Some(list.compressed);
                // Without the size nobody knows where an entry begins.
                if let Some(size) = size {
                    self.bits(list.bytes, size, format);
                }
            }
            Err(error) => {
                let rule = match format {
                    Format::Bitstring => EXPAND,
                    _ => list_rule(format),
                };
                self.malformed(rule, chain(&error));
            }
        }
    }

    fn purposes(&mut self, subject: &Map<String, Value>, format: Format) {
        let rule = list_rule(format);
        if format == Format::RevocationList2020 {
            if subject.contains_key("statusPurpose") {
                self.warn(rule, "it has statusPurpose, which its format has not");
            }
            return self.purpose(&Purposes::One("revocation"), rule);
        }
        let found = match purposes(subject) {
            Ok(found) => found,
            Err(error) => return self.malformed(rule, chain(&error)),
        };
        if let Purposes::Array(_) = found {
            let text = "statusPurpose is an array, which some readers refuse";
            match format {
                Format::Bitstring => self.warn(rule, text),
                _ => self.malformed(rule, "statusPurpose is an array, not a string"),
            }
        }
        self.purpose(&found, rule);
        let unknown: Vec<_> = self
            .judgement
            .purposes
            .iter()
            .filter(|purpose| !PURPOSES.contains(&purpose.as_str()))
            .map(|purpose| format!("{purpose:?}"))
            .collect();
        if !unknown.is_empty() {
            let text = format!("nobody defined the purpose {}", unknown.join(", "));
            self.note(rule, text);
        }
    }

    /// Takes down what the list is for, and compares it with what the entry in question is for.
    fn purpose(&mut self, found: &Purposes<'_>, rule: &str) {
        let names = match found {
            Purposes::One(only) => std::slice::from_ref(only),
            Purposes::Array(several) => several,
        };
        self.judgement.purposes = names.iter().map(|name| (*name).to_owned()).collect();
        if let Some(wanted) = self.checks.purpose.filter(|wanted| !found.contain(wanted)) {
            let rule = match rule {
                "RevocationList2020" => rule,
                _ => VALIDATE,
            };
            let text = format!("the list is for {}, not for {wanted:?}", names.join(", "));
            self.unverified(rule, text);
        }
    }

    fn ttl(&mut self, subject: &Map<String, Value>) {
        let rule = list_rule(Format::Bitstring);
        let ttl = match reading::ttl(subject) {
            Ok(None) => {
                let text = "there is no ttl: readers guess how long to keep a copy";
                return self.note(rule, text);
            }
            Ok(Some(ttl)) => ttl,
            Err(error) => return self.malformed(rule, chain(&error)),
        };
        if let TimeToLive::Text(_) = ttl {
            self.warn(rule, "ttl is a string: readers expect a number");
        }
        let milliseconds = ttl.milliseconds();
        if milliseconds < SHORTEST {
            let text = format!("ttl is {milliseconds} milliseconds: were seconds meant?");
            self.warn(rule, text);
        }
        let (from, until) = (self.judgement.valid_from, self.judgement.valid_until);
        if let (Some(from), Some(until)) = (from, until) {
            let validity = until.second().saturating_sub(from.second());
            if u64::try_from(validity).is_ok_and(|validity| milliseconds / 1000 > validity) {
                self.warn(rule, "ttl is longer than the credential is valid");
            }
        }
        self.judgement.ttl = Some(milliseconds);
    }

    fn size(&mut self, subject: &Map<String, Value>) -> Option<StatusSize> {
        status_size(subject)
            .map_err(|error| {
                let rule = match &error {
                    // Readers need not know more than one bit.
                    CredentialError::StatusSize(size) if size.0 > 8 => {
                        "Bitstring Status List v1.0, section 1.3"
                    }
                    _ => list_rule(Format::Bitstring),
                };
                self.malformed(rule, chain(&error));
            })
            .ok()
    }

    fn messages(&mut self, subject: &Map<String, Value>, size: Option<StatusSize>) {
        let rule = list_rule(Format::Bitstring);
        let Some(size) = size else { return };
        let is_message = self.judgement.purposes.iter().any(|name| name == "message");
        if is_message && !subject.contains_key("statusSize") {
            self.malformed(rule, "the purpose is message, but there is no statusSize");
        }
        match published_messages(subject, size) {
            Ok(None) if is_message || size > StatusSize::ONE => {
                let text = "there are no statusMessages: nothing says what the values stand for";
                self.malformed(rule, text);
            }
            Ok(None) => {}
            Ok(Some(PublishedMessages { spelling, messages })) => {
                if spelling == Spelling::Singular {
                    let text = "the messages are called statusMessage, as in an entry, not \
                                statusMessages";
                    self.warn(rule, text);
                }
                self.judgement.messages = messages
                    .into_iter()
                    .map(|(value, message)| (value, message.to_owned()))
                    .collect();
            }
            Err(error) => {
                let rule = match error {
                    MessagesError::BothSpellings => rule,
                    _ => "Bitstring Status List v1.0, section 2.1",
                };
                self.malformed(rule, chain(&error));
            }
        }
    }

    fn newer_members(&mut self, subject: &Map<String, Value>, format: Format) {
        let found: Vec<_> = NEWER
            .into_iter()
            .filter(|name| subject.contains_key(*name))
            .collect();
        if !found.is_empty() {
            let text = format!(
                "readers of this kind of list pass over {}",
                found.join(", ")
            );
            self.warn(list_rule(format), text);
        }
    }

    /// A Bitstring Status List has one encoding. The prose of the older two differs from what their
    /// examples and readers have.
    fn deviations(&mut self, list: &DecodedList, format: Format) {
        for deviation in &list.deviations {
            let text = deviation.to_string();
            let rule = list_rule(format);
            match (format, deviation) {
                (Format::Bitstring, _) | (Format::StatusList2021, Deviation::Zlib) => {
                    self.malformed(rule, text);
                }
                _ => self.warn(rule, text),
            }
        }
    }

    fn bits(&mut self, bytes: Vec<u8>, size: StatusSize, format: Format) {
        let bits = Bitstring {
            bytes,
            size,
            order: BitOrder::Msb,
        };
        if bits.is_below_minimum() {
            let rule = match format {
                Format::Bitstring => VALIDATE,
                _ => list_rule(format),
            };
            let text = format!(
                "the list has {} entries, fewer than {MINIMUM_ENTRIES}",
                bits.entries()
            );
            let finding = Finding::of(Severity::Error, rule, text);
            self.find(finding.called(Problem::StatusListLength));
        }
        self.judgement.counts = bits.count();
        self.judgement.bits = Some(bits);
    }
}
