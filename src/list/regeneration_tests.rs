use proptest::prelude::{Strategy as _, prop_assert, proptest};

use super::*;

const DAY: u64 = 86_400;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_seconds(seconds).unwrap()
}

fn policy(strategy: Strategy) -> Policy {
    Policy {
        strategy,
        ..Policy::default()
    }
}

/// Issued at 1,000 and valid for a day.
const PUBLISHED: Validity = Validity {
    issued_at: Timestamp::from_second(1_000),
    expires_at: Some(Timestamp::from_second(1_000 + 86_400)),
};

fn waiting(count: u64, oldest: i64) -> Waiting {
    Waiting {
        count,
        oldest: at(oldest),
        is_urgent: false,
    }
}

fn due(policy: &Policy, waiting: impl Into<Option<Waiting>>) -> (i64, Reason) {
    let due = policy.due(PUBLISHED, waiting.into()).unwrap();
    (due.at.second(), due.reason)
}

#[test]
fn nothing_waits_until_the_renewal() {
    for strategy in Strategy::ALL {
        let policy = policy(strategy);
        assert_eq!(due(&policy, None), (1_000 + 43_200, Reason::Renewal));
    }
    let early = Policy {
        renew_before: Some(seconds(DAY - 60)),
        ..Policy::default()
    };
    assert_eq!(due(&early, None), (1_060, Reason::Renewal));
}

#[test]
fn on_demand_is_at_once() {
    let policy = policy(Strategy::OnDemand);
    assert_eq!(due(&policy, waiting(1, 1_010)), (1_010, Reason::Change));
}

#[test]
fn periodic_is_an_interval_after_the_last_token() {
    let policy = policy(Strategy::Periodic);
    assert_eq!(due(&policy, waiting(1, 1_010)), (1_300, Reason::Interval));
    assert_eq!(
        due(&policy, waiting(9_999, 1_299)),
        (1_300, Reason::Interval)
    );
    assert_eq!(due(&policy, waiting(1, 5_000)), (5_000, Reason::Interval));
}

#[test]
fn batched_is_a_window_after_the_first_change_or_when_there_are_many() {
    let policy = policy(Strategy::Batched);
    assert_eq!(due(&policy, waiting(999, 1_010)), (1_070, Reason::Window));
    assert_eq!(due(&policy, waiting(1_000, 1_010)), (1_010, Reason::Full));
}

#[test]
fn hybrid_is_periodic_and_at_once_for_urgent_statuses() {
    let policy = policy(Strategy::Hybrid);
    assert_eq!(due(&policy, waiting(1, 1_010)), (1_300, Reason::Interval));
    let urgent = Waiting {
        is_urgent: true,
        ..waiting(1, 1_010)
    };
    assert_eq!(due(&policy, urgent), (1_010, Reason::Urgent));
}

#[test]
fn a_token_without_an_end_is_not_renewed() {
    let published = Validity {
        expires_at: None,
        ..PUBLISHED
    };
    assert_eq!(Policy::default().due(published, None), None);
}

#[test]
fn caches_keep_a_token_until_it_is_renewed_at_most() {
    let half = Policy::default();
    assert_eq!(half.max_age(seconds(60), seconds(DAY)), seconds(60));
    assert_eq!(half.max_age(seconds(DAY), seconds(DAY)), seconds(DAY / 2));
}

#[test]
fn what_contradicts_itself_is_named() {
    let of = |policy: &Policy| policy.check(seconds(DAY), Width::One).unwrap_err();
    let renewed_at_once = Policy {
        renew_before: Some(seconds(DAY)),
        ..Policy::default()
    };
    assert!(matches!(
        of(&renewed_at_once),
        Contradiction::RenewalAtOnce { .. }
    ));
    let too_long = Policy {
        periodic_interval: seconds(DAY / 2 + 1),
        ..policy(Strategy::Periodic)
    };
    assert_eq!(
        of(&too_long).to_string(),
        "the interval of 43201 s is longer than the 43200 s after which tokens are renewed"
    );
    let too_long = Policy {
        batch_window: seconds(DAY),
        ..policy(Strategy::Batched)
    };
    assert!(matches!(of(&too_long), Contradiction::WindowTooLong { .. }));
    let suspended = Policy {
        urgent_statuses: vec![Status::SUSPENDED],
        ..policy(Strategy::Hybrid)
    };
    assert!(matches!(
        of(&suspended),
        Contradiction::UrgentDoesNotFit { .. }
    ));
    let nothing = Policy {
        urgent_statuses: Vec::new(),
        ..policy(Strategy::Hybrid)
    };
    assert_eq!(of(&nothing), Contradiction::NothingUrgent);
    // Lazy: changes are published with the renewal.
    let lazy = Policy {
        periodic_interval: seconds(DAY / 2),
        ..policy(Strategy::Periodic)
    };
    assert_eq!(lazy.check(seconds(DAY), Width::One), Ok(()));
    assert_eq!(due(&lazy, waiting(1, 1_010)).0, 1_000 + 43_200);
}

#[test]
fn names_are_read_back() {
    for strategy in Strategy::ALL {
        assert_eq!(strategy.name().parse(), Ok(strategy));
    }
    assert!("lazy".parse::<Strategy>().is_err());
}

fn policies() -> impl proptest::strategy::Strategy<Value = Policy> {
    let renewal = proptest::option::of(1..DAY);
    (0..4_usize, 1..DAY, 1..DAY, 1..50_u64, renewal).prop_map(
        |(strategy, interval, window, most, renewal)| Policy {
            strategy: Strategy::ALL[strategy],
            periodic_interval: seconds(interval),
            batch_window: seconds(window),
            max_batch_size: most,
            renew_before: renewal.map(seconds),
            ..Policy::default()
        },
    )
}

proptest! {
    #[test]
    fn nothing_waits_longer_than_the_renewal(
        policy in policies(), count in 1..100_u64, oldest in 0..200_000_i64, is_urgent: bool,
    ) {
        let waiting = Waiting { count, oldest: at(oldest), is_urgent };
        let due = policy.due(PUBLISHED, Some(waiting)).unwrap();
        let renewal = policy.renewal(PUBLISHED).unwrap();
        prop_assert!(due.at <= renewal.at);
        prop_assert!(due.at >= at(oldest) || due == renewal);
    }

    #[test]
    fn more_and_more_urgent_changes_are_never_due_later(
        policy in policies(), count in 1..100_u64, more in 0..100_u64, oldest in 0..200_000_i64,
    ) {
        let few = Waiting { count, oldest: at(oldest), is_urgent: false };
        let many = Waiting { count: count + more, ..few };
        let urgent = Waiting { is_urgent: true, ..many };
        let when = |waiting| policy.due(PUBLISHED, Some(waiting)).unwrap().at;
        prop_assert!(when(many) <= when(few));
        prop_assert!(when(urgent) <= when(many));
    }
}
