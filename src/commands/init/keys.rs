//! The names that a settings file of a list may hold: those of our options, and those of the systems
//! that this one replaces.

use std::fmt::Display;
use std::str::FromStr;

use super::options::{ListOptions, width};
use crate::commands::options::{bit_order, key_value, open_lists, spare_count};
use crate::commands::settings::{Scalar, Setting, Shape};
use crate::list::{Family, StatusName};

/// Whose name for a setting it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Ours,
    /// The body with which the guide creates a list.
    Guide,
    /// EUDIPLO's settings of a tenant or of a list.
    Eudiplo,
}

/// A name, and what it sets.
#[derive(Clone, Copy)]
pub(super) struct Key {
    pub(super) setting: Setting,
    pub(super) dialect: Dialect,
    /// The option that is meant.
    pub(super) option: &'static str,
    pub(super) take: Take,
}

/// Takes a value as the option does.
type TakeOption = fn(&mut ListOptions, &str) -> Result<(), String>;

/// What becomes of a value.
#[derive(Clone, Copy)]
pub(super) enum Take {
    /// It is taken as its option would be.
    Option(TakeOption),
    /// Its members are kept as notes.
    Notes,
    /// It says when lists are published, which goes by how long their tokens are valid.
    ImmediateUpdate,
    /// It says how the lists are published, which is no setting of a list.
    Publishing(fn(&str) -> String),
}

const TEXT: Shape = Shape::One(Scalar::Text);
const EITHER: Shape = Shape::One(Scalar::TextOrWhole);
const TEXTS: Shape = Shape::Many(Scalar::Text);
const STATUSES: Shape = Shape::Many(Scalar::TextOrWhole);

const fn ours(option: &'static str, shape: Shape, take: TakeOption) -> Key {
    Key {
        setting: Setting::new(option, shape, ""),
        dialect: Dialect::Ours,
        option,
        take: Take::Option(take),
    }
}

const fn theirs(dialect: Dialect, name: &'static str, option: &'static str, key: Key) -> Key {
    Key {
        setting: Setting::new(name, key.setting.shape, ""),
        dialect,
        option,
        ..key
    }
}

const BITS: Key = ours("bits", Shape::One(Scalar::Whole), |list, text| {
    list.bits = Some(width(text)?);
    Ok(())
});
const SIZE: Key = ours("size", EITHER, |list, text| set(&mut list.size, text));
const TTL: Key = ours("ttl", EITHER, |list, text| set(&mut list.ttl, text));
const DEFAULT: Key = ours("default-status", EITHER, |list, text| {
    set(&mut list.default_status, text)
});
const BOUND_TO: Key = ours("bound-to", Shape::One(Scalar::TextOrNull), |list, text| {
    add(&mut list.bound_to, text)
});
const META: Key = Key {
    take: Take::Notes,
    ..ours("meta", Shape::Free, |_, _| Ok(()))
};
const AGGREGATED: Key = ours(
    "aggregation-uri",
    Shape::One(Scalar::Truth),
    |list, text| {
        list.aggregated = text == "true";
        Ok(())
    },
);

/// Every name.
pub(super) const KEYS: &[Key] = &[
    ours("uri", Shape::Pairs(Scalar::Text), |list, text| {
        add(&mut list.uri, text)
    }),
    ours("as", TEXTS, |list, text| add(&mut list.views, text)),
    ours("purpose", TEXTS, |list, text| {
        add(&mut list.credentials.purpose, text)
    }),
    ours("profile", TEXT, |list, text| set(&mut list.profile, text)),
    ours("base-url", TEXT, |list, text| set(&mut list.base_url, text)),
    ours("path-template", TEXT, |list, text| {
        set(&mut list.path_template, text)
    }),
    BITS,
    SIZE,
    DEFAULT,
    ours("final", STATUSES, |list, text| {
        let _: Option<StatusName> = match text {
            "none" => None,
            name => Some(parsed(name)?),
        };
        add(&mut list.final_statuses, text)
    }),
    ours("issuer", TEXT, |list, text| set(&mut list.issuer, text)),
    TTL,
    ours("valid-for", EITHER, |list, text| {
        set(&mut list.valid_for, text)
    }),
    ours("aggregation-uri", TEXT, |list, text| {
        set(&mut list.aggregation_uri, text)
    }),
    META,
    ours("bound-to", TEXTS, |list, text| {
        add(&mut list.bound_to, text)
    }),
    ours("open", Shape::One(Scalar::Whole), |list, text| {
        list.open = Some(open_lists(text)?);
        Ok(())
    }),
    ours("spare", Shape::One(Scalar::Whole), |list, text| {
        list.spare = Some(spare_count(text)?);
        Ok(())
    }),
    ours("proof", TEXT, |list, text| {
        set(&mut list.credentials.proof, text)
    }),
    ours("verification-method", TEXT, |list, text| {
        set(&mut list.credentials.verification_method, text)
    }),
    ours("bit-order", TEXT, |list, text| {
        list.credentials.bit_order = Some(bit_order(text)?);
        Ok(())
    }),
    ours("suspending", STATUSES, |list, text| {
        add(&mut list.credentials.suspending, text)
    }),
    ours("message", Shape::Pairs(Scalar::Text), |list, text| {
        let message = key_value::<StatusName, String>(text)?;
        list.credentials.message.push(message);
        Ok(())
    }),
    ours("blind", Shape::Pairs(Scalar::TextOrWhole), |list, text| {
        let consent = key_value::<Family, StatusName>(text)?;
        list.credentials.blind.push(consent);
        Ok(())
    }),
    theirs(Dialect::Guide, "defaultStatus", "default-status", DEFAULT),
    theirs(Dialect::Guide, "metadata", "meta", META),
    theirs(Dialect::Eudiplo, "defaultBits", "bits", BITS),
    theirs(Dialect::Eudiplo, "defaultCapacity", "size", SIZE),
    theirs(
        Dialect::Eudiplo,
        "credentialConfigurationId",
        "bound-to",
        BOUND_TO,
    ),
    theirs(
        Dialect::Eudiplo,
        "enableAggregation",
        "aggregation-uri",
        AGGREGATED,
    ),
    Key {
        take: Take::ImmediateUpdate,
        ..theirs(
            Dialect::Eudiplo,
            "immediateUpdate",
            "immediateUpdate",
            AGGREGATED,
        )
    },
    Key {
        take: Take::Publishing(super::publishing::of_certificate),
        ..theirs(Dialect::Eudiplo, "certId", "certId", BOUND_TO)
    },
];

impl Key {
    /// What takes an empty array, if that says something.
    pub(super) fn empty(self, take: TakeOption) -> Option<TakeOption> {
        (self.option == "final").then_some(take)
    }
}

/// The names that are options of ours: what the table `[list]` holds.
pub(crate) fn settings_of_a_list() -> Vec<Setting> {
    let ours = KEYS.iter().filter(|key| key.dialect == Dialect::Ours);
    ours.map(|key| key.setting).collect()
}

fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

fn set<T: FromStr<Err: Display>>(place: &mut Option<T>, text: &str) -> Result<(), String> {
    *place = Some(parsed(text)?);
    Ok(())
}

fn add<T: FromStr<Err: Display>>(list: &mut Vec<T>, text: &str) -> Result<(), String> {
    list.push(parsed(text)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::{Args, Command};

    use super::*;

    #[test]
    fn every_option_of_a_series_is_a_setting_of_the_same_name() {
        let command = ListOptions::augment_args(Command::new("init"));
        let options: BTreeSet<_> = command
            .get_arguments()
            .filter_map(|option| option.get_long())
            .collect();
        let settings = settings_of_a_list();
        let settings: BTreeSet<_> = settings.iter().map(|setting| setting.name).collect();
        assert_eq!(options, settings);
    }

    #[test]
    fn every_name_stands_for_an_option_or_is_about_publishing() {
        let settings = settings_of_a_list();
        for key in KEYS {
            let is_option = settings.iter().any(|known| known.name == key.option);
            let is_publishing = matches!(key.take, Take::Publishing(_) | Take::ImmediateUpdate);
            assert!(is_option != is_publishing, "{}", key.setting.name);
            let twice = KEYS
                .iter()
                .filter(|other| other.setting.name == key.setting.name);
            assert_eq!(twice.count(), 1, "{}", key.setting.name);
        }
    }
}
