//! All integration tests, in one binary.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a failure is a panic, and what a test writes need not survive a crash"
)]
#![allow(
    clippy::format_collect,
    clippy::format_push_string,
    clippy::needless_raw_string_hashes,
    clippy::struct_field_names,
    clippy::too_many_lines,
    reason = "tests are plain: snapshots are made by a tool, and a scenario is told in one piece"
)]

mod adopt;
mod aggregation;
mod allocate;
mod backup_restore;
mod batch;
mod batch_memory;
mod batch_model;
mod byte_flips;
mod certificates;
mod check;
mod check_http;
mod checklist;
mod closed_streams;
mod concurrency;
mod configure;
mod contributing;
mod copies;
mod crashes;
mod credential_rules;
mod credentials;
mod cwt;
mod damage;
mod derived;
mod detached;
mod errors;
mod examples;
mod examples_ci;
mod failing_reads;
mod final_statuses;
mod forgeries;
mod formats;
mod full_disk;
mod generated;
mod get;
mod groups;
mod guide;
mod guide_monitoring;
mod harness;
mod hooks;
mod hostile;
mod hosts;
mod index_damage;
mod init;
mod init_acapy;
mod init_declared;
mod init_from;
mod init_pool;
mod init_variables;
mod inspect_answers;
mod inspect_credential;
mod inspect_list;
mod inspect_memory;
mod inspect_ocsp;
mod inspect_token;
mod inspect_verdicts;
mod interrupted;
mod keygen;
mod keys;
mod labels;
mod layers;
mod leftovers;
mod live;
mod live_hosts;
mod loopback;
mod man;
mod model;
mod named_keys;
mod neighbours;
mod oa_ocsp;
mod outcomes;
mod page;
mod permutation;
mod policy;
mod pool_batches;
mod pool_files;
mod pools;
mod power_cut;
mod profiles;
mod publish;
mod publish_memory;
mod purge;
mod readme;
mod receiver;
mod regeneration_settings;
mod repeated;
mod retire;
mod rollover;
mod rotation;
mod set;
mod settings;
mod shapes;
mod sign;
mod signer_command;
mod site_guard;
mod site_secrets;
mod token_ids;
mod trust;
mod unknown_members;
mod vectors_cwt;
mod vectors_data_integrity;
mod vectors_ietf;
mod vectors_rdf;
mod vectors_w3c;
mod views;
mod web;
mod webhooks;
mod widening;
mod withheld;
mod year;
