use std::num::NonZeroU64;

use super::*;
use crate::list::Width;
use crate::list::{
    Duration, Family, Register, SeriesError, SeriesSettings, SeriesView, Size, Status,
};
use crate::token::w3c::decode_list;
use crate::token::{InflateLimit, Writer};

/// A series of 2 bits with this view.
pub(in crate::token::w3c) fn series(view: View) -> Series {
    series_of(view, Width::Two)
}

fn series_of(view: View, width: Width) -> Series {
    let register = Register {
        width,
        size: Size::new(4).unwrap(),
        default_status: Status::VALID,
        final_statuses: vec![],
    };
    let views = vec![SeriesView {
        view,
        uri: "https://example.com/status/{n}".to_owned(),
    }];
    let issuer = "did:example:12345".to_owned();
    Series::new(&register, issuer, Duration::HOUR, Duration::WEEK, views).unwrap()
}

pub(in crate::token::w3c) fn credential_view(series: &Series) -> CredentialView<'_> {
    let writer = Writer::of(series, series.views[0].view);
    writer.credential().unwrap()
}

fn changed(series: &Series, change: impl FnOnce(&mut SeriesSettings)) -> Series {
    let changed = series.with(|settings| {
        change(settings);
        Ok::<_, SeriesError>(())
    });
    changed.unwrap()
}

/// What is said of a list with the statuses 1, 2, 0, 3, for the first week of 2026.
pub(in crate::token::w3c) fn claims() -> Claims {
    Claims {
        subject: "https://example.com/status/3".to_owned(),
        issuer: Some("did:example:12345".to_owned()),
        issued_at: 1_767_225_600,
        expires_at: Some(1_767_830_400),
        time_to_live: NonZeroU64::new(300),
        aggregation_uri: None,
        list: StatusList {
            width: Width::Two,
            bytes: vec![0b11_00_10_01],
        },
    }
}

/// The credential as text, with its list, which must be `start` and zeros, cut out.
fn text(series: &Series, claims: &Claims, proof: Proof, start: &[u8]) -> String {
    let view = credential_view(series);
    let mut value = view.credential(claims, proof);
    let encoded = value["credentialSubject"]["encodedList"].take();
    let limit = InflateLimit::default();
    let list = decode_list(view.format(), encoded.as_str().unwrap(), limit).unwrap();
    assert_eq!(list.deviations, []);
    assert_eq!(list.bytes[..start.len()], *start);
    assert!(list.bytes[start.len()..].iter().all(|byte| *byte == 0));
    value["credentialSubject"]["encodedList"] = "…".into();
    value.to_string()
}

#[test]
fn a_bitstring_list_has_its_members_in_a_fixed_order() {
    let series = series(View::BitstringRevocation);
    for proof in Proof::ALL {
        assert_eq!(
            text(&series, &claims(), proof, &[0b1000_0000]),
            concat!(
                r#"{"@context":["https://www.w3.org/ns/credentials/v2"],"#,
                r#""id":"https://example.com/status/3","#,
                r#""type":["VerifiableCredential","BitstringStatusListCredential"],"#,
                r#""issuer":"did:example:12345","#,
                r#""validFrom":"2026-01-01T00:00:00Z","validUntil":"2026-01-08T00:00:00Z","#,
                r#""credentialSubject":{"id":"https://example.com/status/3#list","#,
                r#""type":"BitstringStatusList","statusPurpose":"revocation","ttl":300000,"#,
                r#""encodedList":"…"}}"#
            )
        );
    }
}

#[test]
fn what_is_not_claimed_leaves_no_member() {
    let series = series(View::BitstringRevocation);
    let few = Claims {
        issuer: None,
        expires_at: None,
        time_to_live: None,
        ..claims()
    };
    let text = text(&series, &few, Proof::Jwt, &[0b1000_0000]);
    assert!(!text.contains("validUntil") && !text.contains("ttl"));
    assert!(text.contains(r#""issuer":"did:example:12345""#));
}

#[test]
fn a_list_of_messages_brings_its_size_and_messages() {
    let series = changed(&series(View::BitstringMessage), |settings| {
        let messages = &mut settings.credentials.messages;
        messages.insert(3, "in review".to_owned());
    });
    let text = text(&series, &claims(), Proof::Jwt, &[0b01_10_00_11]);
    let (_, subject) = text.split_once("credentialSubject").unwrap();
    assert_eq!(
        subject,
        concat!(
            r#"":{"id":"https://example.com/status/3#list","#,
            r#""type":"BitstringStatusList","statusPurpose":"message","ttl":300000,"#,
            r#""encodedList":"…","statusSize":2,"statusMessages":["#,
            r#"{"status":"0x0","message":"valid"},{"status":"0x1","message":"invalid"},"#,
            r#"{"status":"0x2","message":"suspended"},{"status":"0x3","message":"in review"}"#,
            r#"]}}"#
        )
    );
}

#[test]
fn a_status_list_2021_follows_the_older_data_model() {
    let series = series(View::StatusList2021Suspension);
    let expected = |proof_context: &str| {
        [
            r#"{"@context":["https://www.w3.org/2018/credentials/v1","#,
            r#""https://w3id.org/vc/status-list/2021/v1""#,
            proof_context,
            r#"],"id":"https://example.com/status/3","#,
            r#""type":["VerifiableCredential","StatusList2021Credential"],"#,
            r#""issuer":"did:example:12345","#,
            r#""issuanceDate":"2026-01-01T00:00:00Z","expirationDate":"2026-01-08T00:00:00Z","#,
            r#""credentialSubject":{"id":"https://example.com/status/3#list","#,
            r#""type":"StatusList2021","statusPurpose":"suspension","encodedList":"…"}}"#,
        ]
        .concat()
    };
    for (proof, context) in [
        (
            Proof::EcdsaJcs2019,
            r#","https://w3id.org/security/data-integrity/v2""#,
        ),
        (
            Proof::EddsaRdfc2022,
            r#","https://w3id.org/security/data-integrity/v2""#,
        ),
        (Proof::Jwt, ""),
    ] {
        let found = text(&series, &claims(), proof, &[0b0100_0000]);
        assert_eq!(found, expected(context));
    }
}

#[test]
fn a_revocation_list_2020_has_no_purpose_and_may_count_from_the_other_end() {
    let series = changed(&series(View::RevocationList2020), |settings| {
        settings.credentials.bit_order = BitOrder::Lsb;
    });
    assert_eq!(
        text(&series, &claims(), Proof::Jwt, &[0b0000_0001]),
        concat!(
            r#"{"@context":["https://www.w3.org/2018/credentials/v1","#,
            r#""https://w3id.org/vc-revocation-list-2020/v1"],"#,
            r#""id":"https://example.com/status/3","#,
            r#""type":["VerifiableCredential","RevocationList2020Credential"],"#,
            r#""issuer":"did:example:12345","#,
            r#""issuanceDate":"2026-01-01T00:00:00Z","expirationDate":"2026-01-08T00:00:00Z","#,
            r#""credentialSubject":{"id":"https://example.com/status/3#list","#,
            r#""type":"RevocationList2020","encodedList":"…"}}"#
        )
    );
}

#[test]
fn the_bits_are_those_that_the_series_shows() {
    for (view, suspending, order, first) in [
        (
            View::BitstringRevocation,
            vec![],
            BitOrder::Msb,
            0b1000_0000,
        ),
        (
            View::BitstringSuspension,
            vec![],
            BitOrder::Msb,
            0b0100_0000,
        ),
        (
            View::BitstringSuspension,
            vec![3],
            BitOrder::Msb,
            0b0101_0000,
        ),
        (
            View::StatusList2021Suspension,
            vec![3],
            BitOrder::Msb,
            0b0101_0000,
        ),
        (
            View::StatusList2021Suspension,
            vec![3],
            BitOrder::Lsb,
            0b0000_1010,
        ),
        // The order is that of the old formats alone.
        (
            View::BitstringRevocation,
            vec![],
            BitOrder::Lsb,
            0b1000_0000,
        ),
        (View::BitstringMessage, vec![], BitOrder::Lsb, 0b01_10_00_11),
    ] {
        let series = changed(&series(view), |settings| {
            settings.credentials.suspending = suspending;
            settings.credentials.bit_order = order;
        });
        let bits = credential_view(&series).bits(&claims().list);
        assert_eq!(bits.bytes[0], first, "{view}");
        for (index, value) in [1, 2, 0, 3].into_iter().enumerate() {
            let status = Status::new(value, Width::Two).unwrap();
            let shown = bits.status(index as u64).unwrap() != 0;
            assert_eq!(shown, series.shows(view, status), "{view}: {status}");
        }
    }
}

fn entry(view: View) -> String {
    credential_view(&series(view))
        .status_entry("https://example.com/status/3", 94567)
        .to_string()
}

#[test]
fn a_bitstring_entry_has_its_index_as_a_string() {
    for purpose in [Purpose::Revocation, Purpose::Suspension] {
        assert_eq!(
            entry(View::of(Family::Bitstring, purpose).unwrap()),
            [
                r#"{"id":"https://example.com/status/3#94567","#,
                r#""type":"BitstringStatusListEntry","statusPurpose":""#,
                purpose.name(),
                r#"","statusListIndex":"94567","#,
                r#""statusListCredential":"https://example.com/status/3"}"#,
            ]
            .concat()
        );
    }
}

#[test]
fn an_entry_with_messages_tells_its_size_unless_it_is_one_bit() {
    let text = entry(View::BitstringMessage);
    let (_, messages) = text.split_once(r#"/status/3","statusSize"#).unwrap();
    assert_eq!(
        messages,
        concat!(
            r#"":2,"statusMessage":["#,
            r#"{"status":"0x0","message":"valid"},{"status":"0x1","message":"invalid"},"#,
            r#"{"status":"0x2","message":"suspended"},{"status":"0x3","message":"undefined"}]}"#
        )
    );
    for (width, size) in [(Width::One, None), (Width::Eight, Some(8))] {
        let series = series_of(View::BitstringMessage, width);
        let view = credential_view(&series);
        let entry = view.status_entry("https://example.com/status/3", 0);
        assert_eq!(entry.get("statusSize").and_then(Value::as_u64), size);
        let messages = entry["statusMessage"].as_array().unwrap();
        assert_eq!(messages.len(), usize::from(width.largest()) + 1);
    }
}

#[test]
fn the_older_entries() {
    assert_eq!(
        entry(View::StatusList2021Revocation),
        concat!(
            r#"{"id":"https://example.com/status/3#94567","type":"StatusList2021Entry","#,
            r#""statusPurpose":"revocation","statusListIndex":"94567","#,
            r#""statusListCredential":"https://example.com/status/3"}"#
        )
    );
    assert_eq!(
        entry(View::RevocationList2020),
        concat!(
            r#"{"id":"https://example.com/status/3#94567","type":"RevocationList2020Status","#,
            r#""revocationListIndex":"94567","#,
            r#""revocationListCredential":"https://example.com/status/3"}"#
        )
    );
}
