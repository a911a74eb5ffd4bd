//! A rotation of keys that ends after any of its writes.

use std::collections::BTreeMap;

use super::{Fixture, KeyRules, Permission, PublishError, Rules, path, rules};
use crate::list::View;
use crate::publish::incumbent::is_signed_by;
use crate::publish::keys::KEYS;
use crate::publish::{NamedKey, TokenSigner};
use crate::sign::{Algorithm, KeySet, PrivateKey, PublicKey};
use crate::site::SitePath;

type Files = BTreeMap<SitePath, Vec<u8>>;

/// A site that the first key signed, and another key.
struct Rotation {
    fixture: Fixture,
    first: PublicKey,
    before: Files,
}

impl Rotation {
    fn new() -> Self {
        let mut fixture = Fixture::of(2, &[View::Jwt, View::Cwt]);
        fixture
            .publish(&fixture.file, &rules(0))
            .unwrap_or_else(|error| panic!("{error}"));
        let first = fixture.key.named.public.clone();
        fixture.key = new_key();
        let before = fixture.target.files.borrow().clone();
        Self {
            fixture,
            first,
            before,
        }
    }

    /// Publishes, and returns what the site was after each write.
    fn states(&self, rules: &Rules) -> Vec<Files> {
        let target = &self.fixture.target;
        target.log.borrow_mut().clear();
        *target.files.borrow_mut() = self.before.clone();
        let published = self.fixture.publish(&self.fixture.file, rules);
        published.unwrap_or_else(|error| panic!("{error}"));
        let mut states = vec![self.before.clone()];
        for (path, bytes) in target.log.borrow().iter() {
            let mut state = states.last().unwrap().clone();
            state.insert(path.clone(), bytes.clone());
            states.push(state);
        }
        states
    }

    fn go_on(&self, from: &Files, rules: &Rules) -> Result<Files, PublishError> {
        *self.fixture.target.files.borrow_mut() = from.clone();
        self.fixture.publish(&self.fixture.file, rules)?;
        Ok(self.fixture.target.files.borrow().clone())
    }
}

fn new_key() -> TokenSigner {
    let private = PrivateKey::generate(Algorithm::Es256).unwrap();
    TokenSigner {
        named: NamedKey {
            public: private.public().clone(),
            id: "other".to_owned(),
            certificates: None,
        },
        signer: private.into(),
    }
}

fn with_new_key(hour: i64) -> Rules {
    Rules {
        new_key: Permission::Granted,
        ..rules(hour)
    }
}

fn dropping(key: &PublicKey, hour: i64) -> Rules {
    Rules {
        keys: KeyRules {
            dropped: Some(key.clone()),
            ..KeyRules::default()
        },
        ..rules(hour)
    }
}

fn shown(files: &Files) -> Vec<PublicKey> {
    let set = KeySet::parse(&files[&path(KEYS)]).unwrap();
    set.keys().to_vec()
}

fn tokens(files: &Files) -> impl Iterator<Item = &Vec<u8>> {
    let is_token = |path: &SitePath| {
        let path = path.as_str();
        [".jwt", ".cwt"].iter().any(|ending| path.ends_with(ending))
    };
    files
        .iter()
        .filter(move |(path, _)| is_token(path))
        .map(|(_, bytes)| bytes)
}

fn all_verify<'t>(tokens: impl Iterator<Item = &'t Vec<u8>>, files: &Files) -> bool {
    let keys = shown(files);
    let mut tokens = tokens;
    tokens.all(|token| keys.iter().any(|key| is_signed_by(token, key)))
}

#[test]
fn a_new_key_is_shown_before_its_first_token_and_the_old_one_as_long_as_a_cache_may_need_it() {
    let rotation = Rotation::new();
    let rules = || with_new_key(1);
    let states = rotation.states(&rules());
    assert!(states.len() > 6);
    for (place, state) in states.iter().enumerate() {
        assert!(all_verify(tokens(state), state), "after {place} writes");
        assert!(
            all_verify(tokens(&rotation.before), state),
            "after {place} writes"
        );
        let end = rotation
            .go_on(state, &rules())
            .unwrap_or_else(|error| panic!("{error}"));
        let is_same = |(path, bytes): (&SitePath, &Vec<u8>)| {
            let is_of_keys = [KEYS, "statuslist-manifest.json"].contains(&path.as_str());
            is_of_keys || states[states.len() - 1].get(path) == Some(bytes)
        };
        assert!(end.iter().all(is_same), "after {place} writes");
        assert_eq!(shown(&end).len(), 2, "after {place} writes");
    }
    // The week of the first tokens ends at hour 168.
    let end = &states[states.len() - 1];
    let week = |hour| shown(&rotation.go_on(end, &with_new_key(hour)).unwrap()).len();
    assert_eq!((week(168), week(169)), (2, 1));
}

#[test]
fn an_expired_key_leaves_for_good_whenever_the_run_ends() {
    let mut rotation = Rotation::new();
    rotation.before = rotation.states(&with_new_key(1)).pop().unwrap();
    let states = rotation.states(&rules(200));
    for state in &states {
        let end = rotation
            .go_on(state, &rules(201))
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(!shown(&end).contains(&rotation.first));
        assert!(all_verify(tokens(&end), &end));
    }
}

#[test]
fn a_key_that_is_dropped_leaves_after_its_last_token_and_stays_away_whenever_the_run_ends() {
    let rotation = Rotation::new();
    let rules_of = || dropping(&rotation.first, 1);
    let states = rotation.states(&rules_of());
    let end = states.last().unwrap();
    assert!(!shown(end).contains(&rotation.first));
    let mut has_left = false;
    for (place, state) in states.iter().enumerate() {
        assert!(all_verify(tokens(state), state), "after {place} writes");
        let again = rotation.go_on(state, &rules_of());
        let again = again.unwrap_or_else(|error| panic!("after {place} writes: {error}"));
        assert!(
            !shown(&again).contains(&rotation.first),
            "after {place} writes"
        );
        has_left |= !shown(state).contains(&rotation.first);
        if has_left {
            // Nobody says it again.
            let next = rotation
                .go_on(state, &rules(2))
                .unwrap_or_else(|error| panic!("{error}"));
            assert!(
                !shown(&next).contains(&rotation.first),
                "after {place} writes"
            );
        }
    }
    let mut old = end.clone();
    old.insert(path(KEYS), rotation.before[&path(KEYS)].clone());
    let next = rotation
        .go_on(&old, &rules(2))
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(
        !shown(&next).contains(&rotation.first),
        "an old key set brought it back"
    );
}
