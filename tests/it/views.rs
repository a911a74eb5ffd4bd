//! All views of one register, each read by its own reader, say at every index what they should.

use std::num::NonZeroU64;

use coset::cbor::from_reader;
use proptest::prelude::*;
use serde_json::Value;
use statuslist::list::{
    BitOrder, Duration, Family, Proof, Purpose, Register, Series, SeriesError, SeriesView, Size,
    Status, View, Width, pages,
};
use statuslist::token::w3c::{Bitstring, reading};
use statuslist::token::{Claims, InflateLimit, StatusList, Writer, cwt, jwt};

const MINIMUM: u64 = 131_072;

/// What a view holds at an index, written down from the specification of the views alone.
fn expected(view: View, value: u8, suspending: &[u64]) -> u8 {
    let suspends = value == 2 || suspending.contains(&u64::from(value));
    match view.name() {
        "jwt" | "cwt" | "bitstring.message" => value,
        "bitstring.suspension" | "statuslist2021.suspension" => u8::from(suspends),
        _ => u8::from(value == 1),
    }
}

/// Reads what was published in a view, the way its readers do.
fn read(series: &Series, claims: &Claims, view: View) -> Box<dyn Fn(u64) -> u8> {
    let limit = InflateLimit::default();
    match view {
        View::Jwt => {
            let payload: Value = serde_json::from_slice(&jwt::encode_payload(claims)).unwrap();
            let list = jwt::decode_list(&payload["status_list"], limit).unwrap();
            Box::new(move |index| list.status(index).unwrap())
        }
        View::Cwt => {
            let payload: coset::cbor::Value =
                from_reader(cwt::encode_payload(claims).as_slice()).unwrap();
            let claim = cwt::claim(payload.as_map().unwrap(), 65533).unwrap();
            let list = cwt::decode_list(claim, limit).unwrap();
            Box::new(move |index| list.status(index).unwrap())
        }
        _ => {
            let credential = Writer::of(series, view)
                .credential()
                .unwrap()
                .credential(claims, Proof::EcdsaJcs2019);
            let bits = reading::published_bits(credential.as_object().unwrap(), limit).unwrap();
            let order = match view.family() {
                Family::Bitstring => BitOrder::Msb,
                _ => series.credentials.bit_order,
            };
            let bits = Bitstring { order, ..bits };
            assert!(bits.entries() >= MINIMUM, "{view}: {}", bits.entries());
            Box::new(move |index| bits.status(index).unwrap())
        }
    }
}

fn views(width: Width) -> Vec<View> {
    View::ALL
        .into_iter()
        .filter(|view| *view != View::OaOcsp && view.purpose() != Some(Purpose::Refresh))
        .filter(|view| width != Width::One || view.purpose() != Some(Purpose::Suspension))
        .collect()
}

fn register() -> impl Strategy<Value = (Width, Vec<u8>, u8, Vec<u64>, bool)> {
    prop::sample::select(&Width::ALL[..]).prop_flat_map(|width| {
        (
            Just(width),
            prop::collection::vec(0..=width.largest(), 1..300),
            0..=width.largest(),
            prop::collection::vec(2..=u64::from(width.largest().max(2)), 0..3),
            any::<bool>(),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_view_says_what_the_register_says(
        (width, values, default, suspending, lsb) in register()
    ) {
        let views = views(width);
        let status = |value: u8| Status::new(value.into(), width).unwrap();
        let register = Register {
            width,
            size: Size::new(values.len() as u64).unwrap(),
            default_status: status(default),
            final_statuses: Vec::new(),
        };
        let series = Series::new(
            &register,
            "did:example:issuer".to_owned(),
            Duration::HOUR,
            Duration::WEEK,
            views
                .iter()
                .map(|view| SeriesView { view: *view, uri: format!("https://e.example/{view}") })
                .collect(),
        )
        .unwrap();
        let series = series
            .with(|settings| {
                settings.credentials.suspending.clone_from(&suspending);
                settings.credentials.bit_order = if lsb { BitOrder::Lsb } else { BitOrder::Msb };
                Ok::<_, SeriesError>(())
            })
            .unwrap();
        let per_byte = usize::from(8 / width.bits());
        let mut padded = values.clone();
        padded.resize(values.len().next_multiple_of(per_byte), default);
        let mut bytes = vec![0; padded.len() / per_byte];
        for (index, value) in (0..).zip(&padded) {
            pages::write(&mut bytes, width, index, *value).unwrap();
        }
        let claims = Claims {
            subject: "https://e.example/0".to_owned(),
            issuer: None,
            issued_at: 1_767_225_600,
            expires_at: Some(1_767_830_400),
            time_to_live: NonZeroU64::new(3_600),
            aggregation_uri: None,
            list: StatusList { width, bytes },
        };
        for view in views {
            let at = read(&series, &claims, view);
            for (index, value) in (0..).zip(&padded) {
                prop_assert_eq!(at(index), expected(view, *value, &suspending), "{} {}", view, index);
            }
            // Beyond the register, W3C lists show what an unused entry would.
            if view.is_credential() {
                for index in [padded.len() as u64, MINIMUM / 2, MINIMUM - 1] {
                    let unused = expected(view, default, &suspending);
                    prop_assert_eq!(at(index), unused, "{} {}", view, index);
                }
            }
        }
    }
}
