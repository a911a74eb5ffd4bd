//! What may happen in the life of a list file.

use proptest::prelude::*;

use crate::list::{Profile, Reason, RemarkRequest, Series, SeriesError, Status, Timestamp, Width};
use crate::store::tests::series_in;

#[derive(Clone, Debug)]
pub(super) enum What {
    Allocate {
        count: u64,
        named: usize,
    },
    AllocateAt {
        place: u64,
        named: bool,
    },
    Set {
        which: usize,
        request: RemarkRequest,
        expected: Option<u8>,
        force: bool,
    },
    Document {
        which: usize,
        hash: u8,
        way: u8,
    },
    NextList,
}

#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) what: What,
    pub(super) status: u8,
    pub(super) expires: Option<i64>,
    /// Seconds from the start: it may step back.
    pub(super) now: i64,
    pub(super) dry_run: bool,
    pub(super) given_id: bool,
}

fn requests() -> impl Strategy<Value = RemarkRequest> {
    let note = prop::option::of(prop_oneof![Just(String::new()), Just("why".to_owned())]);
    let since = prop::option::of((0..9_i64).prop_map(Timestamp::from_second));
    let reason = prop::option::of((0..6_u64).prop_map(|code| Reason::from_code(code).unwrap()));
    (reason, note, since).prop_map(|(reason, note, since)| RemarkRequest {
        reason,
        note,
        since,
    })
}

/// Those that mean something come often.
fn statuses() -> impl Strategy<Value = u8> {
    prop_oneof![3 => 0..3_u8, 3 => Just(Status::INVALID.value()), 1 => any::<u8>()]
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let set = (
        any::<usize>(),
        requests(),
        prop::option::weighted(0.2, statuses()),
        prop::bool::weighted(0.3),
    )
        .prop_map(|(which, request, expected, force)| What::Set {
            which,
            request,
            expected,
            force,
        });
    let what = prop_oneof![
        3 => (0..5_u64, 0..3_usize).prop_map(|(count, named)| What::Allocate { count, named }),
        2 => (0..9_u64, any::<bool>())
            .prop_map(|(place, named)| What::AllocateAt { place, named }),
        5 => set,
        3 => (any::<usize>(), 0..2_u8, 0..3_u8)
            .prop_map(|(which, hash, way)| What::Document { which, hash, way }),
        1 => Just(What::NextList),
    ];
    let step = (
        what,
        statuses(),
        prop::option::weighted(0.3, 0..100_i64),
        0..20_i64,
        prop::bool::weighted(0.15),
        prop::bool::weighted(0.2),
    );
    let step = step.prop_map(|(what, status, expires, now, dry_run, given_id)| Step {
        what,
        status,
        expires,
        now,
        dry_run,
        given_id,
    });
    let begins = (1..5_u64, 0..3_usize, statuses()).prop_map(|(count, named, status)| Step {
        what: What::Allocate { count, named },
        status,
        expires: None,
        now: 0,
        dry_run: false,
        given_id: false,
    });
    (begins, prop::collection::vec(step, 1..6)).prop_map(|(begins, mut steps)| {
        steps.insert(0, begins);
        steps
    })
}

pub(super) fn series() -> impl Strategy<Value = Series> {
    let bits = prop_oneof![Just(1_u64), Just(2), Just(4), Just(8)];
    let eudi = prop::bool::weighted(0.4);
    (bits, 1..9_u64, 1..3_u64, any::<bool>(), eudi).prop_map(
        |(bits, size, finals, documents, eudi)| {
            let width = Width::from_bits(bits).unwrap();
            let finals: Vec<_> = (1..=finals)
                .filter_map(|value| Status::new(value, width).ok())
                .collect();
            let views = ["jwt", "oa-ocsp"];
            let views = if documents { &views[..] } else { &views[..1] };
            series_in(views, width, size, &finals)
                .with::<SeriesError>(|settings| {
                    settings.profile = eudi.then_some(Profile::Eudi);
                    Ok(())
                })
                .unwrap()
        },
    )
}
