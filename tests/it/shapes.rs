//! The JSON that commands print: every member that there may be, and no other.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// A line of standard error.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Warning {
    pub(crate) warning: String,
    pub(crate) timestamp: String,
    pub(crate) request_id: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Made {
    pub(crate) schema: u64,
    pub(crate) list_id: String,
    pub(crate) uri: String,
    pub(crate) profile: Option<String>,
    pub(crate) bits: u8,
    pub(crate) size: u64,
    pub(crate) open: u32,
    pub(crate) spare: u32,
    pub(crate) allocated: u64,
    pub(crate) default_status: u64,
    pub(crate) final_statuses: Vec<u64>,
    pub(crate) issuer: String,
    pub(crate) ttl: u64,
    pub(crate) valid_for: u64,
    pub(crate) created_at: String,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) revision: u64,
    #[serde(default)]
    pub(crate) repeated: bool,
}

/// What is made, and one member more: `flatten` and unknown members do not go together.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Declared {
    pub(crate) schema: u64,
    pub(crate) list_id: String,
    pub(crate) uri: String,
    pub(crate) profile: Option<String>,
    pub(crate) bits: u8,
    pub(crate) size: u64,
    pub(crate) open: u64,
    pub(crate) spare: u64,
    pub(crate) allocated: u64,
    pub(crate) default_status: u64,
    pub(crate) final_statuses: Vec<u64>,
    pub(crate) issuer: String,
    pub(crate) ttl: u64,
    pub(crate) valid_for: u64,
    pub(crate) created_at: String,
    pub(crate) metadata: BTreeMap<String, serde_json::Value>,
    pub(crate) revision: u64,
    pub(crate) outcome: String,
    #[serde(default)]
    pub(crate) repeated: bool,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PoolList {
    pub(crate) file: String,
    pub(crate) list_id: String,
    pub(crate) uri: String,
    pub(crate) profile: Option<String>,
    pub(crate) bits: u8,
    pub(crate) size: u64,
    pub(crate) open: u64,
    pub(crate) spare: u64,
    pub(crate) allocated: u64,
    pub(crate) default_status: u64,
    pub(crate) final_statuses: Vec<u64>,
    pub(crate) issuer: String,
    pub(crate) ttl: u64,
    pub(crate) valid_for: u64,
    pub(crate) created_at: String,
    pub(crate) metadata: BTreeMap<String, serde_json::Value>,
    pub(crate) revision: u64,
    pub(crate) outcome: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Pool {
    pub(crate) schema: u64,
    pub(crate) lists: Vec<PoolList>,
    #[serde(default)]
    pub(crate) repeated: bool,
    #[serde(default)]
    pub(crate) dry_run: bool,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct View {
    pub(crate) view: String,
    pub(crate) uri: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Series {
    pub(crate) profile: Option<String>,
    pub(crate) bits: u64,
    pub(crate) size: u64,
    pub(crate) default_status: u64,
    pub(crate) final_statuses: Vec<u64>,
    pub(crate) issuer: String,
    pub(crate) ttl: u64,
    pub(crate) valid_for: u64,
    pub(crate) aggregation_uri: Option<String>,
    pub(crate) views: Vec<View>,
    #[serde(default)]
    pub(crate) meta: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    pub(crate) open: Option<u32>,
    #[serde(default)]
    pub(crate) spare: Option<u32>,
    #[serde(default)]
    pub(crate) bound_to: Vec<String>,
}

/// The settings and two members more: `flatten` and unknown members do not go together.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Configured {
    pub(crate) schema: u64,
    pub(crate) profile: Option<String>,
    pub(crate) bits: u64,
    pub(crate) size: u64,
    pub(crate) default_status: u64,
    pub(crate) final_statuses: Vec<u64>,
    pub(crate) issuer: String,
    pub(crate) ttl: u64,
    pub(crate) valid_for: u64,
    pub(crate) aggregation_uri: Option<String>,
    pub(crate) views: Vec<View>,
    #[serde(default)]
    pub(crate) meta: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    pub(crate) open: Option<u32>,
    #[serde(default)]
    pub(crate) spare: Option<u32>,
    #[serde(default)]
    pub(crate) bound_to: Vec<String>,
    pub(crate) changed: bool,
    pub(crate) revision: u64,
    #[serde(default)]
    pub(crate) repeated: bool,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Allocation {
    pub(crate) list_id: String,
    pub(crate) idx: u64,
    pub(crate) uri: String,
    pub(crate) status: u64,
    pub(crate) allocated_at: String,
    pub(crate) token_id: Option<String>,
    pub(crate) expires_at: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) existing: bool,
    pub(crate) published: bool,
    pub(crate) claims: Value,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct One {
    pub(crate) schema: u64,
    pub(crate) list_id: String,
    pub(crate) idx: u64,
    pub(crate) uri: String,
    pub(crate) status: u64,
    pub(crate) allocated_at: String,
    pub(crate) token_id: Option<String>,
    pub(crate) expires_at: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) existing: bool,
    pub(crate) published: bool,
    pub(crate) claims: Value,
    pub(crate) revision: u64,
    #[serde(default)]
    pub(crate) repeated: bool,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Many {
    pub(crate) schema: u64,
    pub(crate) uri: Option<String>,
    pub(crate) allocations: Vec<Allocation>,
    pub(crate) count: usize,
    pub(crate) allocated_at: Option<String>,
    pub(crate) revision: u64,
    #[serde(default)]
    pub(crate) repeated: bool,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Set {
    pub(crate) schema: u64,
    pub(crate) list_id: String,
    pub(crate) idx: u64,
    pub(crate) uri: String,
    pub(crate) previous_status: u64,
    pub(crate) current_status: u64,
    pub(crate) change: String,
    pub(crate) reason: String,
    pub(crate) note: Option<String>,
    pub(crate) revoked_at: Option<String>,
    pub(crate) updated_at: String,
    pub(crate) effective_at: Option<String>,
    pub(crate) visible_by: Option<String>,
    pub(crate) revision: u64,
    #[serde(default)]
    pub(crate) repeated: bool,
    pub(crate) publication: Option<Published>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Retired {
    pub(crate) schema: u64,
    pub(crate) lists: Vec<RetiredList>,
    pub(crate) opened: Vec<String>,
    pub(crate) reserved: Vec<String>,
    pub(crate) exhausted: bool,
    pub(crate) count: u64,
    pub(crate) revision: u64,
    #[serde(default)]
    pub(crate) dry_run: bool,
    #[serde(default)]
    pub(crate) repeated: bool,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RetiredList {
    pub(crate) list_id: String,
    pub(crate) uri: String,
    pub(crate) previous_state: String,
    pub(crate) state: String,
    pub(crate) allocated: u64,
    pub(crate) unexpired: u64,
    pub(crate) without_expiry: u64,
    pub(crate) complete: bool,
    pub(crate) ends_at: Option<String>,
    pub(crate) kept_until: Option<String>,
    pub(crate) all_revoked: bool,
    pub(crate) changed: bool,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Got {
    #[serde(default)]
    pub(crate) schema: u64,
    pub(crate) list_id: String,
    pub(crate) idx: u64,
    pub(crate) uri: String,
    pub(crate) token_id: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) labelled_by: Option<u64>,
    pub(crate) document_hash: Option<String>,
    pub(crate) status: Option<u64>,
    pub(crate) status_name: Option<String>,
    #[serde(default)]
    pub(crate) statuses: Vec<u64>,
    pub(crate) allocated_at: String,
    pub(crate) expires_at: Option<String>,
    pub(crate) kept_until: Option<String>,
    pub(crate) list_state: Option<String>,
    pub(crate) list_kept_until: Option<String>,
    pub(crate) updated_at: String,
    pub(crate) reason: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) revoked_at: Option<String>,
    #[serde(default)]
    pub(crate) history: Vec<Change>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Change {
    pub(crate) revision: u64,
    pub(crate) updated_at: String,
    pub(crate) previous_status: u64,
    pub(crate) current_status: u64,
    pub(crate) reason: String,
    pub(crate) note: Option<String>,
    pub(crate) revoked_at: Option<String>,
    pub(crate) actor: String,
    pub(crate) operation_id: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct GotMany {
    pub(crate) schema: u64,
    pub(crate) entries: Vec<Got>,
    pub(crate) count: usize,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Labelled {
    pub(crate) schema: u64,
    pub(crate) list_id: String,
    pub(crate) idx: u64,
    pub(crate) uri: String,
    pub(crate) token_id: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) expires_at: Option<String>,
    pub(crate) change: String,
    pub(crate) revision: u64,
    #[serde(default)]
    pub(crate) repeated: bool,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct GotGroup {
    pub(crate) schema: u64,
    pub(crate) group: String,
    pub(crate) entries: Vec<Got>,
    pub(crate) count: usize,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SetGroup {
    pub(crate) schema: u64,
    pub(crate) group: String,
    pub(crate) results: Vec<SetOfGroup>,
    pub(crate) updated: usize,
    pub(crate) skipped: Vec<Value>,
    pub(crate) effective_at: Option<String>,
    pub(crate) visible_by: Option<String>,
    pub(crate) revision: u64,
    #[serde(default)]
    pub(crate) repeated: bool,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SetOfGroup {
    pub(crate) list_id: String,
    pub(crate) idx: u64,
    pub(crate) uri: String,
    pub(crate) previous_status: u64,
    pub(crate) current_status: u64,
    pub(crate) change: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Signed {
    pub(crate) schema: u64,
    pub(crate) view: String,
    pub(crate) uri: String,
    pub(crate) issued_at: String,
    pub(crate) expires_at: String,
    pub(crate) bytes: usize,
    pub(crate) token: Option<String>,
    pub(crate) token_hex: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Prepared {
    pub(crate) schema: u64,
    pub(crate) view: String,
    pub(crate) uri: String,
    pub(crate) issued_at: String,
    pub(crate) expires_at: String,
    pub(crate) algorithm: String,
    pub(crate) key_id: String,
    pub(crate) bytes: usize,
    pub(crate) message_sha256: String,
    pub(crate) prepared: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) message_hex: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Published {
    pub(crate) schema: u64,
    pub(crate) site: String,
    pub(crate) written: usize,
    pub(crate) unchanged: usize,
    pub(crate) due_at: Option<String>,
    pub(crate) files: Vec<PublishedFile>,
    #[serde(default)]
    pub(crate) documents: Vec<PublishedDocument>,
    #[serde(default)]
    pub(crate) responders: Vec<Responder>,
    #[serde(default)]
    pub(crate) taken_over: Vec<String>,
    #[serde(default)]
    pub(crate) leaving_final_status: Vec<LeavingFinalStatus>,
    pub(crate) removed: Option<Vec<Removed>>,
    pub(crate) host: Option<PublishedHost>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PublishedHost {
    pub(crate) name: String,
    pub(crate) config: Option<PublishedConfig>,
    pub(crate) limits: Vec<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PublishedConfig {
    pub(crate) path: String,
    pub(crate) written: bool,
    pub(crate) bytes: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Removed {
    pub(crate) path: String,
    pub(crate) list_id: String,
    pub(crate) view: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct LeavingFinalStatus {
    pub(crate) path: String,
    pub(crate) count: u64,
    pub(crate) entries: Vec<LeavingEntry>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct LeavingEntry {
    pub(crate) list_id: String,
    pub(crate) idx: u64,
    pub(crate) previous_status: u64,
    pub(crate) current_status: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PublishedDocument {
    pub(crate) path: String,
    pub(crate) written: bool,
    pub(crate) bytes: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PublishedFile {
    pub(crate) path: String,
    pub(crate) uri: String,
    pub(crate) list_id: String,
    pub(crate) view: String,
    pub(crate) action: String,
    pub(crate) because: String,
    pub(crate) bytes: u64,
    pub(crate) issued_at: String,
    pub(crate) expires_at: String,
    pub(crate) due_at: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Responder {
    pub(crate) list_id: String,
    pub(crate) uri: String,
    pub(crate) written: usize,
    pub(crate) unchanged: usize,
    pub(crate) documents: Vec<PublishedDocument>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ListFile {
    pub(crate) schema: u64,
    pub(crate) kind: String,
    pub(crate) settings: Series,
    pub(crate) revision: u64,
    pub(crate) updated_at: String,
    pub(crate) backup_of: Option<String>,
    pub(crate) home: Option<String>,
    pub(crate) integrity: Integrity,
    pub(crate) lists: Vec<List>,
    pub(crate) revisions: Vec<Revision>,
    pub(crate) published: Vec<Publication>,
    pub(crate) entry: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Integrity {
    pub(crate) revisions: u64,
    pub(crate) changes: u64,
    pub(crate) allocations: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct List {
    pub(crate) list_id: String,
    pub(crate) state: String,
    pub(crate) uri: String,
    pub(crate) uris: Vec<View>,
    pub(crate) bits: u8,
    pub(crate) size: u64,
    pub(crate) allocated: u64,
    pub(crate) created_at: String,
    pub(crate) unexpired: u64,
    pub(crate) without_expiry: u64,
    pub(crate) kept_until: Option<String>,
    pub(crate) ends_at: Option<String>,
    pub(crate) due: bool,
    pub(crate) statuses: Vec<Count>,
    pub(crate) documents: Option<Documents>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Documents {
    pub(crate) documents: u64,
    pub(crate) on_the_way: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Count {
    pub(crate) status: u64,
    pub(crate) status_name: String,
    pub(crate) entries: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Revision {
    pub(crate) revision: u64,
    pub(crate) at: String,
    pub(crate) operation: String,
    pub(crate) operation_id: String,
    pub(crate) actor: String,
    pub(crate) note: String,
    pub(crate) changes: u64,
    pub(crate) visible: bool,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Publication {
    pub(crate) list_id: String,
    pub(crate) view: String,
    pub(crate) revision: u64,
    pub(crate) issued_at: String,
    pub(crate) expires_at: Option<String>,
    pub(crate) sha256: String,
    pub(crate) target: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Token {
    pub(crate) schema: u64,
    pub(crate) kind: String,
    pub(crate) bytes: u64,
    pub(crate) verdict: String,
    pub(crate) signature: Signature,
    pub(crate) certificates: Option<Certificates>,
    pub(crate) header: BTreeMap<String, Value>,
    pub(crate) unprotected_header: Option<BTreeMap<String, Value>>,
    pub(crate) claims: BTreeMap<String, Value>,
    pub(crate) issued_at: Option<String>,
    pub(crate) expires_at: Option<String>,
    pub(crate) ttl: Option<u64>,
    pub(crate) list: Option<TokenList>,
    pub(crate) entry: Option<TokenEntry>,
    pub(crate) findings: Vec<Finding>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Signature {
    pub(crate) checked: bool,
    pub(crate) valid: Option<bool>,
    pub(crate) key_id: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Certificates {
    pub(crate) trusted: bool,
    pub(crate) anchor: Option<String>,
    pub(crate) chain: Vec<Certificate>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Certificate {
    pub(crate) subject: String,
    pub(crate) issuer: String,
    pub(crate) serial: String,
    pub(crate) not_before: String,
    pub(crate) not_after: String,
    pub(crate) names: Vec<String>,
    pub(crate) purposes: Vec<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TokenList {
    pub(crate) bits: u8,
    pub(crate) entries: u64,
    pub(crate) compressed_bytes: Option<u64>,
    pub(crate) inflated_bytes: u64,
    pub(crate) zlib_header: Option<String>,
    pub(crate) statuses: Vec<Count>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TokenEntry {
    pub(crate) idx: u64,
    pub(crate) status: u64,
    pub(crate) status_name: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Finding {
    pub(crate) severity: String,
    pub(crate) source: String,
    pub(crate) text: String,
    pub(crate) problem: Option<Problem>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Problem {
    pub(crate) name: String,
    pub(crate) r#type: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Credential {
    pub(crate) schema: u64,
    pub(crate) kind: String,
    pub(crate) enveloped: bool,
    pub(crate) list_type: Option<String>,
    pub(crate) bytes: u64,
    pub(crate) verdict: String,
    pub(crate) signature: CredentialSignature,
    pub(crate) proofs: Vec<EmbeddedProof>,
    pub(crate) header: BTreeMap<String, Value>,
    pub(crate) id: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) purposes: Vec<String>,
    pub(crate) valid_from: Option<String>,
    pub(crate) valid_until: Option<String>,
    pub(crate) ttl: Option<u64>,
    pub(crate) list: Option<CredentialList>,
    pub(crate) entries: Vec<CredentialEntry>,
    pub(crate) findings: Vec<Finding>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OcspAnswer {
    pub(crate) schema: u64,
    pub(crate) kind: String,
    pub(crate) bytes: u64,
    pub(crate) verdict: String,
    pub(crate) document_hash: Option<String>,
    pub(crate) revoked: Option<bool>,
    pub(crate) reason_code: Option<u16>,
    pub(crate) reason: Option<String>,
    pub(crate) findings: Vec<Finding>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CredentialSignature {
    pub(crate) checked: bool,
    pub(crate) valid: Option<bool>,
    pub(crate) by: Vec<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct EmbeddedProof {
    pub(crate) cryptosuite: String,
    pub(crate) verification_method: String,
    pub(crate) created: Option<String>,
    pub(crate) expires: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CredentialList {
    pub(crate) bits: u8,
    pub(crate) entries: u64,
    pub(crate) compressed_bytes: Option<u64>,
    pub(crate) inflated_bytes: u64,
    pub(crate) values: Vec<ValueCount>,
    pub(crate) set: Vec<SetEntries>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ValueCount {
    pub(crate) value: u8,
    pub(crate) message: Option<String>,
    pub(crate) entries: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SetEntries {
    pub(crate) bit_order: String,
    pub(crate) indexes: Vec<u64>,
    pub(crate) more: bool,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CredentialEntry {
    pub(crate) idx: u64,
    pub(crate) bit_order: String,
    pub(crate) value: u8,
    pub(crate) message: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Restored {
    pub(crate) schema: u64,
    pub(crate) list_id: String,
    pub(crate) uri: String,
    pub(crate) closed: Vec<String>,
    pub(crate) revision: u64,
    #[serde(default)]
    pub(crate) repeated: bool,
    #[serde(default)]
    pub(crate) published: Option<ComparedSite>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ComparedSite {
    pub(crate) sites: Vec<String>,
    pub(crate) files: Vec<ComparedFile>,
    pub(crate) differing: u64,
    pub(crate) differences: Vec<Difference>,
    pub(crate) adopted: u64,
    pub(crate) kept: u64,
    pub(crate) older: u64,
    pub(crate) unknown_lists: Vec<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ComparedFile {
    pub(crate) path: String,
    pub(crate) list_id: String,
    pub(crate) view: String,
    pub(crate) sha256: Option<String>,
    pub(crate) signature: String,
    pub(crate) reason: Option<String>,
    pub(crate) from_revision: Option<i64>,
    pub(crate) differing: u64,
    pub(crate) adopted: bool,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Difference {
    pub(crate) list_id: String,
    pub(crate) idx: u64,
    pub(crate) status: u8,
    pub(crate) published: Option<u8>,
    pub(crate) views: Vec<String>,
    pub(crate) verified: bool,
    pub(crate) outcome: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Key {
    pub(crate) schema: u64,
    pub(crate) file: String,
    pub(crate) public_key: BTreeMap<String, Value>,
    pub(crate) did_key: String,
}

/// What `check` prints: the guide's health object, and what it follows from.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Health {
    pub(crate) schema: u64,
    pub(crate) status: String,
    pub(crate) version: String,
    pub(crate) components: HealthComponents,
    pub(crate) lists: HealthLists,
    pub(crate) checked_at: String,
    pub(crate) fail_on: String,
    pub(crate) level: String,
    pub(crate) targets: Vec<Value>,
    pub(crate) findings: Vec<HealthFinding>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HealthComponents {
    pub(crate) database: String,
    pub(crate) signing: String,
    pub(crate) provider: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HealthLists {
    pub(crate) total: u64,
    pub(crate) healthy: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct HealthFinding {
    pub(crate) level: String,
    pub(crate) component: String,
    pub(crate) code: String,
    pub(crate) target: Option<String>,
    pub(crate) list_id: Option<String>,
    pub(crate) place: Option<String>,
    pub(crate) text: String,
}
