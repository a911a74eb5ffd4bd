//! What a receiver is told, as JSON: the payload of the status-issuer integration guide, and what a
//! receiver needs to tell two of them apart.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::event::EventKind;
use super::next::News;
use super::receiver::{Message, Receiver, TokenIds};
use crate::list::{EntryId, ListNumber, Timestamp};
use crate::store::{Event, Notice, Snapshot, StoreError};
use crate::wire::hex::hex;

/// The most entries that one message names.
const MOST: u32 = 100;

impl Message {
    /// Writes down what there is to tell.
    pub(super) fn of(
        news: &News,
        receiver: &Receiver,
        snapshot: &Snapshot<'_>,
    ) -> Result<Self, StoreError> {
        let kind = news.kind();
        let writer = Writer { receiver, snapshot };
        let (at, data) = match news {
            News::Revision(event, EventKind::Allocated) => (event.at, writer.allocated(event)?),
            News::Revision(event, _) => (event.at, writer.changed(event)?),
            News::Notice(notice) => (notice.at, writer.noticed(notice)?),
        };
        let body = json!({ "event": kind.name(), "timestamp": at, "data": data });
        Ok(Self {
            id: writer.id(news),
            kind,
            body: body.to_string().into_bytes(),
        })
    }
}

struct Writer<'a, 's> {
    receiver: &'a Receiver,
    snapshot: &'a Snapshot<'s>,
}

impl Writer<'_, '_> {
    /// A hash over the list file, what happened in it, and who is told. A restored copy goes on with
    /// other revisions under the same numbers, which have other hashes.
    fn id(&self, news: &News) -> String {
        let mut hasher = Sha256::new_with_prefix("statuslist/event/1\n");
        hasher.update(self.snapshot.lineage());
        hasher.update(news.kind().name());
        match news {
            News::Revision(event, _) => hasher.update(event.chain_value()),
            News::Notice(notice) => hasher.update(notice.digest()),
        }
        hasher.update(self.receiver.name.0);
        format!("msg_{}", hex(&hasher.finalize()[..16]))
    }

    fn allocated(&self, event: &Event) -> Result<Value, StoreError> {
        let sample = self.snapshot.new_entries(event, MOST)?;
        let named = sample.first.iter().map(|entry| self.entry(*entry));
        let named: Vec<_> = named.collect::<Result<_, _>>()?;
        let mut data = of_revision(event);
        data.insert("count".to_owned(), sample.count.into());
        data.insert("truncated".to_owned(), is_less(named.len(), sample.count));
        data.insert("allocations".to_owned(), objects(named));
        Ok(data.into())
    }

    fn changed(&self, event: &Event) -> Result<Value, StoreError> {
        let sample = self.snapshot.new_statuses(event.rev, MOST)?;
        let mut named = Vec::new();
        for change in &sample.first {
            let mut object = self.entry(change.entry)?;
            object.extend([
                ("previousStatus".to_owned(), json!(change.before)),
                ("currentStatus".to_owned(), json!(change.after)),
                ("reason".to_owned(), json!(change.reason.name())),
                ("revokedAt".to_owned(), json!(change.since)),
            ]);
            named.push(object);
        }
        let mut data = of_revision(event);
        data.insert("count".to_owned(), sample.count.into());
        data.insert("truncated".to_owned(), is_less(named.len(), sample.count));
        data.insert("changes".to_owned(), objects(named));
        Ok(data.into())
    }

    /// The names of an entry.
    fn entry(&self, entry: EntryId) -> Result<Map<String, Value>, StoreError> {
        let mut object = Map::new();
        object.insert("listId".to_owned(), entry.list.to_string().into());
        object.insert("idx".to_owned(), entry.index.value().into());
        let uri = self.snapshot.first_uri(entry.list)?;
        object.insert("uri".to_owned(), uri.into());
        if self.receiver.token_ids == TokenIds::Told {
            let names = self.snapshot.names(entry, self.snapshot.head().rev)?;
            object.insert("tokenId".to_owned(), json!(names.token));
        }
        Ok(object)
    }

    fn noticed(&self, notice: &Notice) -> Result<Value, StoreError> {
        let says = Says(notice);
        let list = u32::try_from(says.number("list")?).ok();
        let list = list.and_then(ListNumber::new).ok_or_else(|| says.wrong())?;
        let mut data = Map::new();
        data.insert("listId".to_owned(), list.to_string().into());
        match notice.event_kind() {
            EventKind::CapacityWarning => {
                data.insert("uri".to_owned(), self.snapshot.first_uri(list)?.into());
                for member in ["size", "allocated", "threshold"] {
                    data.insert(member.to_owned(), says.number(member)?.into());
                }
            }
            kind => {
                let view = says.text("view")?;
                let mut uris = self.snapshot.uris(list)?.into_iter();
                let uri = uris.find(|uri| uri.view.name() == view).map(|uri| uri.uri);
                data.insert("uri".to_owned(), json!(uri));
                let hash = says.text("sha256")?;
                data.insert("tokenHash".to_owned(), format!("sha256:{hash}").into());
                if kind == EventKind::Regenerated {
                    self.regenerated(&mut data, list, &says)?;
                }
                data.insert("view".to_owned(), view.into());
                data.insert("revision".to_owned(), says.number("rev")?.into());
                data.insert("issuedAt".to_owned(), time(Some(says.number("iat")?)));
                data.insert("expiresAt".to_owned(), time(says.known("exp")?));
            }
        }
        Ok(data.into())
    }

    /// What the first publication of a list changed is what it ever had.
    fn regenerated(
        &self,
        data: &mut Map<String, Value>,
        list: ListNumber,
        says: &Says<'_>,
    ) -> Result<(), StoreError> {
        let before = says.known("before")?.unwrap_or(0);
        let changed = self
            .snapshot
            .changed_between(list, before, says.number("rev")?)?;
        data.insert("changedIndices".to_owned(), changed.into());
        // The first notices did not say it.
        let due = match says.0.body.get("due") {
            Some(_) => says.known("due")?,
            None => None,
        };
        data.insert("nextRegeneration".to_owned(), time(due));
        Ok(())
    }
}

fn of_revision(event: &Event) -> Map<String, Value> {
    let mut data = Map::new();
    data.insert("revision".to_owned(), event.rev.into());
    data.insert("operation".to_owned(), event.operation.as_str().into());
    data.insert("operationId".to_owned(), event.operation_id.as_str().into());
    data
}

fn objects(objects: Vec<Map<String, Value>>) -> Value {
    objects.into_iter().map(Value::Object).collect()
}

fn is_less(named: usize, count: u64) -> Value {
    ((named as u64) < count).into()
}

fn time(second: Option<i64>) -> Value {
    json!(second.map(Timestamp::from_second))
}

/// What a notice says, member by member; one that is missing is damage, and no empty value.
struct Says<'a>(&'a Notice);

impl Says<'_> {
    fn text(&self, member: &str) -> Result<&str, StoreError> {
        self.0.body[member].as_str().ok_or_else(|| self.wrong())
    }

    fn number(&self, member: &str) -> Result<i64, StoreError> {
        self.0.body[member].as_i64().ok_or_else(|| self.wrong())
    }

    /// A number that may be unknown, which is written down as that.
    fn known(&self, member: &str) -> Result<Option<i64>, StoreError> {
        match self.0.body.get(member) {
            Some(Value::Null) => Ok(None),
            _ => self.number(member).map(Some),
        }
    }

    fn wrong(&self) -> StoreError {
        StoreError::Corrupt(format!("notice {} cannot be read", self.0.seq))
    }
}
