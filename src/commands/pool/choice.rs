//! Which list file of a pool hands out entries.

use std::path::PathBuf;

/// What a list file offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) file: PathBuf,
    /// The types of the credentials that it is for; none if for all.
    pub(super) bound_to: Vec<String>,
    pub(super) room: Room,
}

/// Whether a list file has the entries that are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// It has, or makes a new list for them.
    Enough,
    /// It has not, and ends with the lists that it has.
    TooLittle,
}

/// The list file that hands out entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The list file.
    pub(crate) file: PathBuf,
    /// Why this one.
    pub(crate) why: Why,
}

/// Why a list file hands out entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is bound to this type of credentials.
    Bound(String),
    /// It is for all types, and no type was said.
    Shared,
    /// It is for all types, and none is bound to this one.
    NoneBound(String),
    /// It is for all types, and each that is bound to this one is full.
    Full {
        /// The type.
        credential_type: String,
        /// Those that are bound to it.
        bound: Vec<PathBuf>,
    },
    /// It has the entry of every token id.
    Existing,
    /// It did the same operation before.
    Repeated,
}

/// Why none hands out entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoChoice {
    /// None is for such credentials.
    NoneFor,
    /// Each that is for them is full.
    Full(Vec<PathBuf>),
}

/// Chooses among list files in the order of their names: the first with room that is bound to the
/// type, else the first with room that is for all types.
pub(super) fn choose(offers: &[Offer], credential_type: Option<&str>) -> Result<Choice, NoChoice> {
    let is_bound =
        |offer: &&Offer| credential_type.is_some_and(|one| offer.bound_to.iter().any(|b| b == one));
    let bound: Vec<_> = offers.iter().filter(is_bound).collect();
    let shared = || offers.iter().filter(|offer| offer.bound_to.is_empty());
    let chosen = |offer: &Offer, why| Choice {
        file: offer.file.clone(),
        why,
    };
    let has_room = |offer: &&Offer| offer.room == Room::Enough;
    if let (Some(offer), Some(one)) = (bound.iter().copied().find(has_room), credential_type) {
        return Ok(chosen(offer, Why::Bound(one.to_owned())));
    }
    let files = |offers: &[&Offer]| offers.iter().map(|offer| offer.file.clone()).collect();
    if let Some(offer) = shared().find(has_room) {
        let why = match credential_type.map(str::to_owned) {
            None => Why::Shared,
            Some(one) if bound.is_empty() => Why::NoneBound(one),
            Some(credential_type) => Why::Full {
                credential_type,
                bound: files(&bound),
            },
        };
        return Ok(chosen(offer, why));
    }
    let full: Vec<_> = bound.iter().copied().chain(shared()).collect();
    if full.is_empty() {
        return Err(NoChoice::NoneFor);
    }
    Err(NoChoice::Full(files(&full)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(file: &str, bound_to: &[&str], room: Room) -> Offer {
        Offer {
            file: file.into(),
            bound_to: bound_to.iter().map(|&one| one.to_owned()).collect(),
            room,
        }
    }

    fn chosen(offers: &[Offer], credential_type: Option<&str>) -> Result<(String, Why), NoChoice> {
        let choice = choose(offers, credential_type)?;
        Ok((choice.file.display().to_string(), choice.why))
    }

    #[test]
    fn the_bound_one_with_room_is_taken_and_else_a_shared_one() {
        use Room::{Enough, TooLittle};
        let pid = || Why::Bound("pid".to_owned());
        let full = |files: &[&str]| Why::Full {
            credential_type: "pid".to_owned(),
            bound: files.iter().map(PathBuf::from).collect(),
        };
        let offers = |first, second, shared| {
            [
                offer("a", &["mdl"], Enough),
                offer("b", &["mdl", "pid"], first),
                offer("c", &["pid"], second),
                offer("d", &[], shared),
                offer("e", &[], Enough),
            ]
        };
        for (offers, taken) in [
            (offers(Enough, Enough, Enough), ("b", pid())),
            (offers(TooLittle, Enough, Enough), ("c", pid())),
            (
                offers(TooLittle, TooLittle, Enough),
                ("d", full(&["b", "c"])),
            ),
            (
                offers(TooLittle, TooLittle, TooLittle),
                ("e", full(&["b", "c"])),
            ),
        ] {
            let expected = (taken.0.to_owned(), taken.1);
            assert_eq!(chosen(&offers, Some("pid")), Ok(expected));
        }
    }

    #[test]
    fn what_is_bound_is_kept_for_its_types() {
        let bound = offer("a", &["pid"], Room::Enough);
        let shared = offer("b", &[], Room::Enough);
        let both = [bound.clone(), shared.clone()];
        assert_eq!(chosen(&both, None), Ok(("b".to_owned(), Why::Shared)));
        let none = Why::NoneBound("mdl".to_owned());
        assert_eq!(chosen(&both, Some("mdl")), Ok(("b".to_owned(), none)));
        let alone = std::slice::from_ref(&bound);
        assert_eq!(chosen(alone, None), Err(NoChoice::NoneFor));
        assert_eq!(chosen(alone, Some("mdl")), Err(NoChoice::NoneFor));
        let full = [
            Offer {
                room: Room::TooLittle,
                ..bound
            },
            Offer {
                room: Room::TooLittle,
                ..shared
            },
        ];
        let files = |names: &[&str]| names.iter().map(PathBuf::from).collect();
        assert_eq!(
            chosen(&full, Some("pid")),
            Err(NoChoice::Full(files(&["a", "b"])))
        );
        assert_eq!(chosen(&full, None), Err(NoChoice::Full(files(&["b"]))));
    }

    /// Over every pool of four files: what is chosen is for the type and has room, and none before it
    /// would do as well.
    #[test]
    fn the_first_that_is_for_the_type_and_has_room_is_chosen() {
        use Room::{Enough, TooLittle};
        let bound: [&[&str]; 4] = [&[], &["pid"], &["mdl"], &["mdl", "pid"]];
        let kinds: Vec<_> = bound
            .iter()
            .flat_map(|bound| [Enough, TooLittle].map(|room| (*bound, room)))
            .collect();
        for number in 0..kinds.len().pow(4) {
            let offers: Vec<_> = (0..4_u32)
                .map(|place| {
                    let (bound, room) = kinds[number / kinds.len().pow(place) % kinds.len()];
                    offer(&place.to_string(), bound, room)
                })
                .collect();
            for wanted in [None, Some("pid"), Some("diploma")] {
                let rank = |offer: &Offer| match wanted {
                    Some(one) if offer.bound_to.iter().any(|bound| bound == one) => Some(0),
                    _ => offer.bound_to.is_empty().then_some(1),
                };
                let useful = offers.iter().filter(|offer| offer.room == Enough);
                let best = useful
                    .filter_map(|offer| Some((rank(offer)?, offer.file.clone())))
                    .min();
                let any = offers.iter().any(|offer| rank(offer).is_some());
                match (choose(&offers, wanted), best) {
                    (Ok(choice), Some((_, file))) => assert_eq!(choice.file, file),
                    (Err(NoChoice::Full(_)), None) => assert!(any),
                    (Err(NoChoice::NoneFor), None) => assert!(!any),
                    (other, best) => panic!("{offers:?} {wanted:?}: {other:?}, not {best:?}"),
                }
            }
        }
    }
}
