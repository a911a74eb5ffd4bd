//! Recording publications, and what there is to tell of them.

use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use serde_json::{Value, json};

use super::error::{Outcome, Reading, StoreError};
use super::format::Format;
use super::open::Store;
use super::outbox::{self, NoticeKind, Outbox, ReceiverName, add, add_once};
use super::published::{Publication, Tally};
use super::query::{all, one, only, value};
use super::rows::list_number;
use crate::list::Timestamp;
use crate::wire::hex::hex;

impl Store {
    /// Records publications, in the format that the file has: this is no revision. Where it knows of
    /// receivers, these and the others hear of it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn record(
        &self,
        publications: &[Publication],
        receivers: &[ReceiverName],
    ) -> Result<(), StoreError> {
        let transaction =
            Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)
                .reading("lock")?;
        let format = Format::read(&transaction)?;
        if format >= Format::Four {
            let head = only(&transaction, "SELECT rev FROM meta WHERE id = 1", [], value)?;
            outbox::register(&transaction, receivers, head)?;
            note_publications(&transaction, head, publications)?;
        }
        let mut tally = Tally::default();
        let counted = format > Format::One;
        if counted {
            tally = Tally::load(&transaction)?;
        }
        for publication in publications {
            if let Some(before) = publication.keep(&transaction)? {
                tally.remove(&before);
            }
            tally.add(publication);
        }
        if counted {
            tally.keep(&transaction)?;
        }
        transaction
            .commit()
            .map_err(|source| StoreError::of("commit to", Outcome::Unknown, source))
    }
}

impl Outbox<'_> {
    /// Adds a notice of each list and view of which nobody is known to have a token that is still
    /// valid.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn note_expired(&self, now: Timestamp) -> Result<(), StoreError> {
        note_expired(&self.transaction, self.head.rev, now)
    }
}

/// Adds notices of publications, where anybody is told of them. They are recorded after this.
fn note_publications(
    connection: &Connection,
    head: i64,
    publications: &[Publication],
) -> Result<(), StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM receiver)";
    let (Some(first), true) = (
        publications.first(),
        only(connection, sql, [], value::<bool>)?,
    ) else {
        return Ok(());
    };
    note_expired(connection, head, first.issued_at)?;
    for publication in publications {
        let sql = "SELECT rev FROM published WHERE list_id = ?1 AND view = ?2 AND target = ?3 \
                   ORDER BY iat DESC LIMIT 1";
        let key = params![
            publication.list.value(),
            publication.view,
            publication.target
        ];
        let before: Option<i64> = one(connection, sql, key, value)?;
        let mut body = describe(publication);
        body["before"] = before.into();
        let (kind, at) = (NoticeKind::Regenerated, publication.issued_at);
        add(connection, head, at, kind, None, &body)?;
    }
    Ok(())
}

fn note_expired(connection: &Connection, head: i64, now: Timestamp) -> Result<(), StoreError> {
    // The columns beside max() are those of its row.
    let sql = "SELECT list_id, view, published.rev, iat, max(exp), sha256 FROM published \
               JOIN list USING (list_id) WHERE exp IS NOT NULL AND state <> 'retired' \
               GROUP BY list_id, view HAVING max(exp) <= ?1";
    let expired: Vec<Publication> = all(connection, sql, params![now], |row| {
        Ok(Publication {
            list: list_number(row.get(0)?)?,
            view: row.get(1)?,
            rev: row.get(2)?,
            issued_at: row.get(3)?,
            expires_at: row.get(4)?,
            sha256: row.get(5)?,
            target: String::new(),
            due: None,
        })
    })?;
    for publication in expired {
        let subject = format!("expired/{}", hex(&publication.sha256));
        let body = describe(&publication);
        add_once(connection, head, now, NoticeKind::Expired, &subject, &body)?;
    }
    Ok(())
}

/// What a notice says of a publication. Where it was written is nobody's business.
fn describe(publication: &Publication) -> Value {
    json!({
        "list": publication.list.value(),
        "view": publication.view,
        "rev": publication.rev,
        "iat": publication.issued_at.second(),
        "exp": publication.expires_at.map(Timestamp::second),
        "sha256": hex(&publication.sha256),
        "due": publication.due.map(Timestamp::second),
    })
}
