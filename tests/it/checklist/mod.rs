//! The rules for readers of a token, one by one: for each a token that breaks this rule and no
//! other, and is refused for it. Beside them, what is tolerated, and under which name.
//!
//! Numbers and names here are those of the specifications, not those of the code.

mod certificates;
mod cwt;
mod jwt;
mod lists;
mod mutation;

use std::sync::LazyLock;

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::json;
use statuslist::audit::{Checks, Severity, TokenJudgement, Verdict, judge_token};
use statuslist::list::Timestamp;
use statuslist::sign::KeySet;
use statuslist::token::InflateLimit;

/// A section of the Token Status List specification.
macro_rules! draft {
    ($section:literal) => {
        concat!("draft-ietf-oauth-status-list-21, section ", $section)
    };
}
use draft;

/// 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600;
const URI: &str = "https://example.com/statuslists/1";
/// draft-ietf-oauth-status-list-21, section 4.1: sixteen entries of 1 bit.
const ENTRIES: [u8; 2] = [0xb9, 0xa3];

/// A token, what is asked of it, and what should be said.
struct Case {
    rule: &'static str,
    source: &'static str,
    token: Vec<u8>,
    asked: fn(&mut Checks<'_>),
}

fn case(rule: &'static str, source: &'static str, token: impl Into<Vec<u8>>) -> Case {
    Case {
        rule,
        source,
        token: token.into(),
        asked: |_| {},
    }
}

impl Case {
    fn asked(self, asked: fn(&mut Checks<'_>)) -> Self {
        Self { asked, ..self }
    }

    fn judged(&self) -> TokenJudgement {
        judged(&self.token, self.asked)
    }
}

/// Judges with the right key, the right uri and the right time, but for what is changed.
fn judged(token: &[u8], asked: fn(&mut Checks<'_>)) -> TokenJudgement {
    let mut checks = Checks {
        keys: Some(&KEYS),
        uri: Some(URI),
        ..Checks::new(Timestamp::from_second(NOW), InflateLimit::new(1000))
    };
    asked(&mut checks);
    judge_token(token, &checks)
}

/// The token from which all others differ in one thing has nothing wrong with it.
#[track_caller]
fn good(token: &[u8]) {
    let judgement = judged(token, |_| {});
    assert_eq!(judgement.findings, []);
    assert_eq!(judgement.verdict(), Verdict::Valid);
}

/// Each is rejected for its rule, and for no other.
#[track_caller]
fn rejected(cases: &[Case]) {
    for case in cases {
        let judgement = case.judged();
        let errors: Vec<_> = judgement
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .collect();
        let sources: Vec<_> = errors.iter().map(|finding| &finding.source).collect();
        assert_eq!(sources, [case.source], "{}: {errors:#?}", case.rule);
        assert_eq!(judgement.verdict(), Verdict::Rejected, "{}", case.rule);
    }
}

/// Each is valid, and has this one finding of this severity.
#[track_caller]
fn tolerated(severity: Severity, cases: &[Case]) {
    for case in cases {
        let judgement = case.judged();
        let found: Vec<_> = judgement
            .findings
            .iter()
            .map(|finding| (finding.severity, finding.source.as_str()))
            .collect();
        let said = &judgement.findings;
        assert_eq!(found, [(severity, case.source)], "{}: {said:#?}", case.rule);
        assert_eq!(judgement.verdict(), Verdict::Valid, "{}", case.rule);
    }
}

/// The private key that everybody here trusts, or another.
fn key(secret: u8) -> SigningKey {
    SigningKey::from_slice(&[secret; 32]).unwrap()
}

const TRUSTED: u8 = 1;
const FOREIGN: u8 = 2;

/// r and s, 32 bytes each.
fn signature(secret: u8, message: &[u8]) -> Vec<u8> {
    let signature: Signature = key(secret).sign(message);
    signature.to_vec()
}

/// The public half as a JSON Web Key.
fn public(secret: u8) -> serde_json::Value {
    let point = key(secret).verifying_key().to_sec1_point(false);
    let (x, y) = (point.x().unwrap(), point.y().unwrap());
    json!({"kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y)})
}

/// A certificate of the key that everybody here trusts, in base64.
fn certificate() -> String {
    let pem = include_str!("../../vectors/certificates/leaf-ones.pem");
    let lines: Vec<_> = pem.lines().filter(|line| !line.starts_with('-')).collect();
    lines.concat()
}

static KEYS: LazyLock<KeySet> = LazyLock::new(|| {
    let document = json!({"keys": [public(TRUSTED)]});
    KeySet::parse(document.to_string().as_bytes()).unwrap()
});

fn base64url(bytes: impl AsRef<[u8]>) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
