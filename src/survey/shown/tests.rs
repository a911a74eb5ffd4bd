use proptest::prelude::*;

use super::*;
use crate::list::{Duration, Purpose, Register, SeriesView, Size};

fn series(view: View, width: Width, size: u64) -> Series {
    let register = Register {
        width,
        size: Size::new(size).unwrap(),
        default_status: Status::VALID,
        final_statuses: Vec::new(),
    };
    let uri = format!("https://example.com/{{n}}{}", view.ending(None));
    let series = Series::new(
        &register,
        "https://example.com".to_owned(),
        Duration::HOUR,
        Duration::WEEK,
        vec![SeriesView { view, uri }],
    );
    series.unwrap_or_else(|error| panic!("{error}"))
}

fn shown<'a>(shape: Shape<'a>, list: &StatusList) -> Shown<'a> {
    match shape.writer().credential() {
        Some(view) => shape.bits(view.bits(list)),
        None => shape.list(list.clone()),
    }
    .unwrap_or_else(|error| panic!("{error}"))
}

const VIEWS: [View; 6] = [
    View::Jwt,
    View::Cwt,
    View::BitstringRevocation,
    View::BitstringSuspension,
    View::BitstringMessage,
    View::StatusList2021Revocation,
];

proptest! {
    /// Compared with looking at every entry.
    #[test]
    fn every_index_that_differs_is_found_and_no_other(
        view in prop::sample::select(&VIEWS[..]),
        width in prop::sample::select(&[Width::Two, Width::Four, Width::Eight][..]),
        one in prop::collection::vec(any::<u8>(), 1..40),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        short in 0_u64..2,
    ) {
        let entries = one.len() as u64 * u64::from(width.entries_per_byte());
        let size = entries - short * u64::from(width != Width::Eight);
        let series = series(view, width, size);
        let mut other = one.clone();
        for (place, byte) in changes {
            *place.get_mut(&mut other) = byte;
        }
        let list = |bytes| StatusList { width, bytes };
        let (published, own) = (list(one), list(other));
        let shown = shown(Shape { series: &series, view }, &published);
        let expected: Vec<u64> = (0..size)
            .filter(|index| {
                let (there, here) = (entry_of(&published, *index), entry_of(&own, *index));
                match view.purpose().filter(|purpose| *purpose != Purpose::Message) {
                    None => there != here,
                    Some(_) => series.shows(view, there) != series.shows(view, here),
                }
            })
            .collect();
        prop_assert_eq!(shown.differing(&own).collect::<Vec<_>>(), expected);
        for index in 0..size {
            prop_assert!(shown.says(index).contains(entry_of(&published, index)));
        }
    }
}

#[test]
fn a_list_of_another_shape_is_not_compared() {
    let series = &series(View::Jwt, Width::Two, 8);
    let view = View::Jwt;
    let shape = Shape { series, view };
    let list = |width, bytes| StatusList { width, bytes };
    let error = |list| shape.list(list).err().map(|error| error.to_string());
    assert_eq!(error(list(Width::Two, vec![0; 2])), None);
    let text = "bits per entry: 4, where the lists of the series have 2";
    assert_eq!(error(list(Width::Four, vec![0; 4])).as_deref(), Some(text));
    let text = "bits per entry: 1, where the lists of the series have 2";
    assert_eq!(error(list(Width::One, vec![0; 2])).as_deref(), Some(text));
    let text = "it has 12 entries, where the lists of the series have 8";
    assert_eq!(error(list(Width::Two, vec![0; 3])).as_deref(), Some(text));
}

/// What was published before the entries got more bits says of each what it said.
#[test]
fn a_list_of_fewer_bits_is_compared_entry_by_entry() {
    let series = &series(View::Jwt, Width::Four, 11);
    let view = View::Jwt;
    let shape = Shape { series, view };
    let list = |width, bytes| StatusList { width, bytes };
    let before = list(Width::One, vec![0b0100_0010, 0b0000_0100]);
    let shown = shape.list(before).ok().unwrap();
    // Index 1 is as it was, 6 is suspended now, 10 is valid, and 3 is new.
    let now = list(Width::Four, vec![0x10, 0x30, 0, 0x02, 0, 0]);
    assert_eq!(shown.differing(&now).collect::<Vec<_>>(), [3, 6, 10]);
    assert_eq!(shown.says(10).lowest(), Some(Status::INVALID));
}
