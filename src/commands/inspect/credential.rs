//! What `inspect` shows of a W3C credential with a status list.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::args::{Args, BitOrders};
use super::findings::{self, because};
use super::shown::{ListSize, in_words, object, verdict, write_count, write_time};
use crate::audit::{
    CredentialChecks, CredentialForm, CredentialJudgement, CredentialKeys, EmbeddedProof, Finding,
    Given, ProofState, PublishedCredential, Verdict, Voucher, judge_credential,
};
use crate::commands::{Answer, Context, Error};
use crate::list::BitOrder;
use crate::list::Timestamp;
use crate::token::w3c::{Bitstring, ListFormat};
use crate::wire::shell::quote;
use crate::wire::text::printable;

/// How many indexes are shown for each order of the bits.
const MOST_INDEXES: usize = 16;

/// What a list credential says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CredentialShown {
    kind: CredentialForm,
    enveloped: bool,
    /// The type of the list, if it is known.
    list_type: Option<&'static str>,
    bytes: usize,
    verdict: Verdict,
    signature: CredentialSignature,
    proofs: Vec<EmbeddedProof>,
    header: Map<String, Value>,
    id: Option<String>,
    issuer: Option<String>,
    purposes: Vec<String>,
    valid_from: Option<Timestamp>,
    valid_until: Option<Timestamp>,
    /// In milliseconds, as it is published.
    ttl: Option<u64>,
    list: Option<CredentialList>,
    /// What the entry is, in each order of the bits that was asked for.
    entries: Vec<CredentialEntry>,
    findings: Vec<Finding>,
    /// How many signatures could not be checked; the findings say why.
    #[serde(skip)]
    unchecked: usize,
    #[serde(skip)]
    given: Given,
    #[serde(skip)]
    now: Timestamp,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CredentialSignature {
    checked: bool,
    valid: Option<bool>,
    /// Who stands for each signature.
    by: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CredentialList {
    #[serde(flatten)]
    size: ListSize,
    values: Vec<ValueCount>,
    /// The first entries that are not 0, in each order of the bits that was asked for.
    set: Vec<SetIndexes>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ValueCount {
    value: u8,
    message: Option<String>,
    entries: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SetIndexes {
    bit_order: &'static str,
    indexes: Vec<u64>,
    /// Whether there are others.
    more: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CredentialEntry {
    idx: u64,
    bit_order: &'static str,
    value: u8,
    message: Option<String>,
}

pub(crate) fn run(
    args: &Args,
    context: &Context<'_>,
    published: PublishedCredential,
    bytes: usize,
) -> Result<Answer, Error> {
    args.refuse_token_checks()?;
    let keys = args.checking.verifying.keys(context)?;
    let document = args.did_document(context)?;
    let asked = args.asked("a credential")?;
    let checks = CredentialChecks {
        at: args.checking.at.map(|moment| moment.start),
        keys: match (&keys, &document) {
            (Some(keys), _) => CredentialKeys::Trusted(keys),
            (None, Some(document)) => CredentialKeys::Document(document),
            (None, None) => CredentialKeys::Issuer,
        },
        uri: asked.uri,
        purpose: args.purpose.as_deref(),
        ..CredentialChecks::new(context.clock.now(), args.inflate.limit())
    };
    let judgement = judge_credential(published, &checks);
    let index = asked.index_in(judgement.id.as_deref());
    let mut entries = Vec::new();
    let mut beyond = None;
    for order in orders(args.bit_order) {
        match index.and_then(|index| Some((index, judgement.entry(index, *order)?))) {
            None => {}
            Some((idx, Ok(value))) => entries.push(CredentialEntry {
                idx,
                bit_order: order_name(*order),
                value,
                message: judgement.message(value).map(str::to_owned),
            }),
            Some((index, Err(finding))) => beyond = Some((index, finding)),
        }
    }
    let target = quote(&args.target);
    let refusal = refusal(&judgement, &target, beyond);
    if !judgement.is_readable() {
        return Err(findings::nothing_to_show(refusal, &target, "credential"));
    }
    let now = context.clock.now();
    let shown = CredentialShown::of(judgement, entries, args.bit_order, bytes, now);
    Ok(findings::judged(shown, refusal))
}

/// The refusal that goes with the first fault.
fn refusal(
    judgement: &CredentialJudgement,
    target: &str,
    beyond: Option<(u64, Finding)>,
) -> Option<Error> {
    if let Some(finding) = judgement.error() {
        let refusal = if let Some(reference) = judgement.references.first() {
            findings::not_a_list(target, &reference.uri, &reference.index).because(because(finding))
        } else {
            findings::rejected(target, finding)
        };
        return Some(findings::listed(refusal, &judgement.findings));
    }
    if judgement.verdict() == Verdict::Uncheckable {
        let reason = judgement.unchecked.first();
        return Some(findings::uncheckable(target, reason));
    }
    let entries = judgement.bits.as_ref().map_or(0, Bitstring::entries);
    beyond.map(|(index, finding)| {
        let problem = serde_json::to_value(finding.problem).unwrap_or_default();
        findings::beyond(target, index, &finding, entries).detail("problem", problem)
    })
}

const fn orders(asked: Option<BitOrders>) -> &'static [BitOrder] {
    use BitOrder::{Lsb, Msb};

    match asked {
        None | Some(BitOrders::Msb) => &[Msb],
        Some(BitOrders::Lsb) => &[Lsb],
        Some(BitOrders::Both) => &[Msb, Lsb],
    }
}

const fn order_name(order: BitOrder) -> &'static str {
    match order {
        BitOrder::Msb => "msb",
        BitOrder::Lsb => "lsb",
    }
}

impl CredentialShown {
    fn of(
        judgement: CredentialJudgement,
        entries: Vec<CredentialEntry>,
        asked: Option<BitOrders>,
        bytes: usize,
        now: Timestamp,
    ) -> Self {
        let verdict = judgement.verdict();
        let (valid, by) = match &judgement.proof {
            ProofState::NotChecked => (None, Vec::new()),
            ProofState::Invalid => (Some(false), Vec::new()),
            ProofState::Valid(vouchers) => (Some(true), vouchers.iter().map(name).collect()),
        };
        let list = judgement.bits.as_ref().map(|bits| CredentialList {
            size: ListSize {
                bits: bits.size.bits(),
                entries: bits.entries(),
                compressed_bytes: judgement.compressed,
                inflated_bytes: bits.bytes.len(),
            },
            values: counts(&judgement),
            set: asked.map_or_else(Vec::new, |_| {
                let set = |order: &_| SetIndexes::of(bits, *order);
                orders(asked).iter().map(set).collect()
            }),
        });
        Self {
            kind: judgement.form,
            enveloped: judgement.is_enveloped,
            list_type: judgement.format.map(ListFormat::subject_type),
            bytes,
            verdict,
            signature: CredentialSignature {
                checked: valid.is_some(),
                valid,
                by,
            },
            proofs: judgement.proofs,
            header: judgement.header,
            id: judgement.id,
            issuer: judgement.issuer,
            purposes: judgement.purposes,
            valid_from: judgement.valid_from,
            valid_until: judgement.valid_until,
            ttl: judgement.ttl,
            list,
            entries,
            findings: judgement.findings,
            unchecked: judgement.unchecked.len(),
            given: judgement.given,
            now,
        }
    }
}

/// The values that occur.
fn counts(judgement: &CredentialJudgement) -> Vec<ValueCount> {
    (0_u8..=u8::MAX)
        .zip(&judgement.counts)
        .filter(|(_, entries)| **entries > 0)
        .map(|(value, entries)| ValueCount {
            value,
            message: judgement.message(value).map(str::to_owned),
            entries: *entries,
        })
        .collect()
}

impl SetIndexes {
    fn of(bits: &Bitstring, order: BitOrder) -> Self {
        let mut indexes: Vec<u64> = bits.set_in(order).take(MOST_INDEXES + 1).collect();
        let more = indexes.len() > MOST_INDEXES;
        indexes.truncate(MOST_INDEXES);
        Self {
            bit_order: order_name(order),
            indexes,
            more,
        }
    }
}

fn name(voucher: &Voucher) -> String {
    match voucher {
        Voucher::Key(id) => format!("key {id}"),
        Voucher::DidKey => "the issuer's did:key".to_owned(),
        Voucher::Method(url) => format!("{url} of the issuer's document"),
    }
}

impl fmt::Display for CredentialShown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = match (self.signature.valid, self.verdict) {
            (Some(true), _) => {
                let by = printable(&self.signature.by.join(", and by "));
                match self.unchecked {
                    0 => format!("valid, by {by}"),
                    others => format!("valid, by {by}; not checked: {others} more"),
                }
            }
            (Some(false), _) => "does not verify".to_owned(),
            (None, Verdict::Uncheckable) => "could not be checked".to_owned(),
            (None, _) => match self.given {
                Given::Nothing => "not checked (--key, --jwks or --did-document)".to_owned(),
                Given::Something => "not checked".to_owned(),
            },
        };
        let form = match self.kind {
            CredentialForm::Embedded => "embedded proof",
            CredentialForm::Jwt => "vc+jwt",
            CredentialForm::Cose => "vc+cose",
            CredentialForm::ClaimOfJwt => "JWT of VCDM 1.1",
        };
        let envelope = if self.enveloped { ", enveloped" } else { "" };
        let list_type = self.list_type.unwrap_or("no status list");
        writeln!(
            formatter,
            "credential: {list_type}, {form}{envelope}, {} bytes",
            self.bytes
        )?;
        writeln!(formatter, "verdict:    {}", verdict(self.verdict))?;
        writeln!(formatter, "signature:  {signature}")?;
        for proof in &self.proofs {
            proof_line(formatter, proof)?;
        }
        if !self.header.is_empty() {
            writeln!(formatter, "header:     {}", object(&self.header, |_| false))?;
        }
        for (label, text) in [("id:", &self.id), ("issuer:", &self.issuer)] {
            if let Some(text) = text {
                writeln!(formatter, "{label:<11} {}", printable(text))?;
            }
        }
        if !self.purposes.is_empty() {
            let purposes = printable(&self.purposes.join(", "));
            writeln!(formatter, "purpose:    {purposes}")?;
        }
        write_time(formatter, "from:", self.valid_from, self.now)?;
        write_time(formatter, "until:", self.valid_until, self.now)?;
        if let Some(milliseconds) = self.ttl {
            let words = in_words(milliseconds / 1000);
            writeln!(formatter, "ttl:        {milliseconds} milliseconds{words}")?;
        }
        if let Some(list) = &self.list {
            list.fmt(formatter)?;
        }
        self.entries(formatter)?;
        findings::write(formatter, &self.findings)
    }
}

impl CredentialShown {
    fn entries(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in &self.entries {
            write!(formatter, "entry:      {} is {}", entry.idx, entry.value)?;
            let bits = self.list.as_ref().map_or(1, |list| list.size.bits);
            if let Some(meaning) = meaning(bits, entry.value, entry.message.as_deref()) {
                write!(formatter, ", {meaning}")?;
            }
            // Only who asked for an order thinks of more than one.
            if self.list.as_ref().is_some_and(|list| !list.set.is_empty()) {
                write!(formatter, " ({} first)", entry.bit_order)?;
            }
            writeln!(formatter)?;
        }
        Ok(())
    }
}

/// What a value stands for. One bit without messages has the meaning that the specification
/// gives it (Bitstring Status List v1.0, section 2.1).
fn meaning(bits: u8, value: u8, message: Option<&str>) -> Option<String> {
    match (message, bits, value) {
        (Some(message), _, _) => Some(printable(message)),
        (None, 1, 0) => Some("unset".to_owned()),
        (None, 1, _) => Some("set".to_owned()),
        (None, _, _) => None,
    }
}

fn proof_line(formatter: &mut fmt::Formatter<'_>, proof: &EmbeddedProof) -> fmt::Result {
    write!(
        formatter,
        "proof:      {} by {}",
        proof.cryptosuite,
        printable(&proof.verification_method)
    )?;
    for (word, time) in [("created", &proof.created), ("expires", &proof.expires)] {
        if let Some(time) = time {
            write!(formatter, ", {word} {}", printable(time))?;
        }
    }
    writeln!(formatter)
}

impl fmt::Display for CredentialList {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.size.write(formatter, "")?;
        for count in &self.values {
            let value = match meaning(self.size.bits, count.value, count.message.as_deref()) {
                None => count.value.to_string(),
                Some(meaning) => format!("{} ({meaning})", count.value),
            };
            write_count(formatter, &value, count.entries)?;
        }
        for set in &self.set {
            let indexes: Vec<String> = set.indexes.iter().map(u64::to_string).collect();
            let indexes = match indexes.as_slice() {
                [] => "none".to_owned(),
                some => some.join(", "),
            };
            let more = if set.more { ", …" } else { "" };
            writeln!(formatter, "set, {} first: {indexes}{more}", set.bit_order)?;
        }
        Ok(())
    }
}
