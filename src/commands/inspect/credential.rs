//! What `inspect` shows of a W3C credential with a status list.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::args::{Args, BitOrders};
use super::findings::{self, because};
use super::token::{distance, object};
use crate::audit::{
    CredentialChecks, CredentialForm, CredentialJudgement, CredentialKeys, EmbeddedProof, Finding,
    Given, ProofState, PublishedCredential, Verdict, Voucher, judge_credential,
};
use crate::commands::{Answer, Code, Context, Error};
use crate::list::BitOrder;
use crate::list::{Duration, Moment, Timestamp};
use crate::token::w3c::Bitstring;
use crate::wire::shell::quote;
use crate::wire::text::printable;

/// How many indexes are shown for each order of the bits.
const MOST_INDEXES: usize = 16;

/// What a list credential says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Credential {
    kind: CredentialForm,
    enveloped: bool,
    /// The type of the list, if it is known.
    list_type: Option<&'static str>,
    bytes: usize,
    verdict: Verdict,
    signature: Signature,
    proofs: Vec<EmbeddedProof>,
    header: Map<String, Value>,
    id: Option<String>,
    issuer: Option<String>,
    purposes: Vec<String>,
    valid_from: Option<Timestamp>,
    valid_until: Option<Timestamp>,
    /// In milliseconds, as it is published.
    ttl: Option<u64>,
    list: Option<List>,
    /// What the entry is, in each order of the bits that was asked for.
    entries: Vec<Entry>,
    findings: Vec<Finding>,
    #[serde(skip)]
    now: Timestamp,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Signature {
    checked: bool,
    valid: Option<bool>,
    /// Who stands for each signature.
    by: Vec<String>,
    /// How many could not be checked; the findings say why.
    #[serde(skip)]
    unchecked: usize,
    #[serde(skip)]
    given: Given,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct List {
    bits: u8,
    entries: u64,
    compressed_bytes: Option<usize>,
    inflated_bytes: usize,
    values: Vec<Count>,
    /// The first entries that are not 0, in each order of the bits that was asked for.
    set: Vec<Set>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Count {
    value: u8,
    message: Option<String>,
    entries: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Set {
    bit_order: &'static str,
    indexes: Vec<u64>,
    /// Whether there are others.
    more: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
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
    refuse_token_checks(args)?;
    let keys = args.checking.verifying.keys(context)?;
    let document = args.did_document(context)?;
    let asked = args.asked("a credential")?;
    let checks = CredentialChecks {
        at: args.checking.at.map(Moment::start),
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
            Some((idx, Ok(value))) => entries.push(Entry {
                idx,
                bit_order: order_name(*order),
                value,
                message: judgement.message(value).map(str::to_owned),
            }),
            Some((index, Err(finding))) => beyond = Some((index, finding)),
        }
    }
    let target = quote(&args.target);
    let verdict = refusal(&judgement, &target, beyond);
    if !judgement.is_readable() {
        // There is nothing to show.
        return Err(verdict
            .unwrap_or_else(|| Error::new(Code::BadToken, format!("{target} is no credential"))));
    }
    let now = context.clock.now();
    let shown = Credential::of(judgement, entries, args.bit_order, bytes, now);
    let mut answer = Answer::report(shown);
    answer.verdict = verdict;
    Ok(answer)
}

/// What is asked only of Status List Tokens.
fn refuse_token_checks(args: &Args) -> Result<(), Error> {
    let options = [
        (args.profile.is_some(), "--profile"),
        (
            args.checking.verifying.certificates.trust.is_some(),
            "--trust",
        ),
        (args.checking.audience.is_some(), "--audience"),
        (args.checking.max_age.is_some(), "--max-age"),
    ];
    match options.iter().find(|(given, _)| *given) {
        None => Ok(()),
        Some((_, name)) => Err(Error::new(
            Code::Refused,
            format!(
                "{name} is for Status List Tokens, and {} is a W3C credential",
                quote(&args.target)
            ),
        )
        .hint("leave it out")),
    }
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
        return Some(refusal.detail(
            "findings",
            serde_json::to_value(&judgement.findings).unwrap_or_default(),
        ));
    }
    if judgement.verdict() == Verdict::Uncheckable {
        let reason = judgement.unchecked.first();
        return Some(findings::uncheckable(target, reason));
    }
    let entries = judgement.bits.as_ref().map_or(0, Bitstring::entries);
    beyond.map(|(index, finding)| {
        findings::beyond(target, index, &finding, entries).detail(
            "problem",
            serde_json::to_value(finding.problem).unwrap_or_default(),
        )
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

impl Credential {
    fn of(
        judgement: CredentialJudgement,
        entries: Vec<Entry>,
        asked: Option<BitOrders>,
        bytes: usize,
        now: Timestamp,
    ) -> Self {
        let verdict = judgement.verdict();
        let list = judgement.bits.as_ref().map(|bits| List {
            bits: bits.size.bits(),
            entries: bits.entries(),
            compressed_bytes: judgement.compressed,
            inflated_bytes: bits.bytes.len(),
            values: counts(&judgement),
            set: match asked {
                None => Vec::new(),
                Some(_) => orders(asked)
                    .iter()
                    .map(|order| Set::of(bits, *order))
                    .collect(),
            },
        });
        Self {
            kind: judgement.form,
            enveloped: judgement.is_enveloped,
            list_type: judgement
                .format
                .map(crate::token::w3c::Format::subject_type),
            bytes,
            verdict,
            signature: Signature::of(&judgement),
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
            now,
        }
    }
}

/// The values that occur.
fn counts(judgement: &CredentialJudgement) -> Vec<Count> {
    (0_u8..=u8::MAX)
        .zip(&judgement.counts)
        .filter(|(_, entries)| **entries > 0)
        .map(|(value, entries)| Count {
            value,
            message: judgement.message(value).map(str::to_owned),
            entries: *entries,
        })
        .collect()
}

impl Set {
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

impl Signature {
    fn of(judgement: &CredentialJudgement) -> Self {
        let (valid, by) = match &judgement.proof {
            ProofState::NotChecked => (None, Vec::new()),
            ProofState::Invalid => (Some(false), Vec::new()),
            ProofState::Valid(vouchers) => (Some(true), vouchers.iter().map(name).collect()),
        };
        Self {
            checked: valid.is_some(),
            valid,
            by,
            unchecked: judgement.unchecked.len(),
            given: judgement.given,
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

impl fmt::Display for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Valid => "valid",
            Verdict::Unverified => "no fault found, but the signature was not checked",
            Verdict::Uncheckable => "no fault found, but the signature could not be checked",
            Verdict::Rejected => "must be rejected",
        };
        let signature = match (self.signature.valid, self.verdict) {
            (Some(true), _) => {
                let by = printable(&self.signature.by.join(", and by "));
                match self.signature.unchecked {
                    0 => format!("valid, by {by}"),
                    others => format!("valid, by {by}; not checked: {others} more"),
                }
            }
            (Some(false), _) => "does not verify".to_owned(),
            (None, Verdict::Uncheckable) => "could not be checked".to_owned(),
            (None, _) => match self.signature.given {
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
        writeln!(formatter, "verdict:    {verdict}")?;
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
        for (label, time) in [("from:", self.valid_from), ("until:", self.valid_until)] {
            if let Some(time) = time {
                let distance = distance(time, self.now);
                writeln!(formatter, "{label:<11} {time}, {distance}")?;
            }
        }
        if let Some(milliseconds) = self.ttl {
            let words = Duration::from_seconds(milliseconds / 1000)
                .map_or_else(String::new, |duration| format!(" ({duration})"));
            writeln!(formatter, "ttl:        {milliseconds} milliseconds{words}")?;
        }
        if let Some(list) = &self.list {
            list.fmt(formatter)?;
        }
        self.entries(formatter)?;
        findings::write(formatter, &self.findings)
    }
}

impl Credential {
    fn entries(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in &self.entries {
            write!(formatter, "entry:      {} is {}", entry.idx, entry.value)?;
            let bits = self.list.as_ref().map_or(1, |list| list.bits);
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

impl fmt::Display for List {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.bits == 1 { "bit" } else { "bits" };
        let (entries, bits) = (self.entries, self.bits);
        writeln!(formatter, "entries:    {entries} of {bits} {plural}")?;
        if let Some(compressed) = self.compressed_bytes {
            let inflated = self.inflated_bytes;
            writeln!(
                formatter,
                "list:       {inflated} bytes, {compressed} compressed"
            )?;
        }
        for count in &self.values {
            let value = match meaning(self.bits, count.value, count.message.as_deref()) {
                None => count.value.to_string(),
                Some(meaning) => format!("{} ({meaning})", count.value),
            };
            writeln!(formatter, "  {value:<24} {}", count.entries)?;
        }
        for set in &self.set {
            let indexes: Vec<String> = set.indexes.iter().map(u64::to_string).collect();
            let indexes = if indexes.is_empty() {
                "none".to_owned()
            } else {
                indexes.join(", ")
            };
            let more = if set.more { ", …" } else { "" };
            writeln!(formatter, "set, {} first: {indexes}{more}", set.bit_order)?;
        }
        Ok(())
    }
}
