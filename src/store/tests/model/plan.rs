//! What a command makes of a step.

use serde_json::json;

use super::memory::{Model, Refusal};
use super::steps::{Step, What};
use crate::list::{
    DocumentHash, FinalStatuses, Finality, Remark, Standing, Status, Timestamp, TokenId,
    TransitionError,
};
use crate::store::tests::{changing, entries_of, handing_out, new_list};
use crate::store::{ChangeRow, DocumentRow, ListRow, Role, Snapshot, StoreError, Work, rows};

/// What a command makes of a step: the work, or why it is refused.
pub(super) fn plan(
    snapshot: &Snapshot<'_>,
    model: &Model,
    step: &Step,
    names: &[TokenId],
) -> Result<Work<'static>, Refusal> {
    let status = model.status(step.status);
    let expires = step.expires.map(Timestamp::from_second);
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let refused = |error: StoreError| match error {
        StoreError::Full { .. } => Refusal::Full,
        StoreError::OutsideList { .. } => Refusal::Outside,
        StoreError::IndexTaken(_) => Refusal::Taken,
        StoreError::DocumentTaken { .. } => Refusal::DocumentTaken,
        other => panic!("{other:?}"),
    };
    let open = snapshot
        .lists()
        .unwrap()
        .into_iter()
        .find(ListRow::hands_out);
    let open = open.unwrap().number;
    let booked = match step.what {
        What::Allocate { count, .. } => snapshot.take(open, count).map_err(refused)?,
        What::AllocateAt { place, .. } => snapshot.take_at(open, place).map_err(refused)?,
        What::Set {
            which,
            ref request,
            expected,
            force,
        } => {
            let Some(entry) = model.nth(which) else {
                return Ok(Work::default());
            };
            let last = snapshot.last_change(entry).unwrap();
            let current = snapshot.status(entry).unwrap();
            let before = Standing {
                status: current,
                remark: last.map(|change| change.row.remark).unwrap_or_default(),
            };
            let finality = Finality {
                statuses: &model.finals,
                permission: if force {
                    FinalStatuses::MayBeLeft
                } else {
                    FinalStatuses::Kept
                },
                profile: snapshot.series().profile,
            };
            let expected = expected.map(|value| model.status(value));
            let next = before
                .expect(expected)
                .and_then(|()| before.after(status, request, finality));
            return match next {
                Ok(next) if next == before => Ok(Work::default()),
                Ok(next) => Ok(changing(entry, current, status, next.remark)),
                Err(TransitionError::Precondition { .. }) => Err(Refusal::Precondition),
                Err(TransitionError::Irrevocable(_)) => Err(Refusal::Irrevocable),
                Err(TransitionError::Final { .. }) => Err(Refusal::Final),
            };
        }
        What::Document { which, hash, way } => {
            let entry = model.nth(which).filter(|entry| !model.has_document(*entry));
            let Some(entry) = entry else {
                return Ok(Work::default());
            };
            let row = |hash, role| DocumentRow {
                entry,
                hash: DocumentHash::new([hash; 32]),
                role,
            };
            let wanted = vec![row(hash, Role::Document), row(way, Role::OnTheWay)];
            return Ok(Work {
                documents: rows(snapshot.unrecorded(wanted).map_err(refused)?),
                ..Work::default()
            });
        }
        What::NextList => {
            return Ok(Work {
                new_lists: vec![new_list(snapshot.series(), open.value() + 1)],
                closed: vec![open],
                ..Work::default()
            });
        }
    };
    let mut work = handing_out(&booked, &names, expires);
    if status != Status::VALID {
        let mut entries = entries_of(&booked);
        entries.sort_unstable();
        let change = |entry| ChangeRow {
            entry,
            old: Status::VALID,
            new: status,
            remark: Remark::default(),
        };
        work.changes = rows(entries.into_iter().map(change).collect());
    }
    work.body["status"] = json!(status.value());
    Ok(work)
}
