//! States of a list file that tests of other rooms need, and no revision makes yet.

use rusqlite::params;

use super::Store;
use super::query::{all, value};
use super::rows::ListState;
use super::state::of_lists;
use crate::list::ListNumber;

impl Store {
    /// Retires a list, as if the newest revision had done it.
    pub(crate) fn retire(&self, list: ListNumber) {
        let connection = &self.connection;
        let sql = "SELECT sql FROM sqlite_schema WHERE name = 'event_no_update'";
        let trigger: Vec<String> = all(connection, sql, [], value).unwrap();
        connection
            .execute_batch("DROP TRIGGER event_no_update")
            .unwrap();
        let mut lists = self.snapshot().unwrap().lists().unwrap();
        let row = lists.iter_mut().find(|row| row.number == list).unwrap();
        row.state = ListState::Retired;
        let sql = "UPDATE list SET state = ?1 WHERE list_id = ?2";
        let values = params![ListState::Retired.name(), list.value()];
        connection.execute(sql, values).unwrap();
        let sql = "UPDATE event SET body = json_set(body, '$.state', ?1) \
                   WHERE rev = (SELECT rev FROM meta)";
        connection.execute(sql, [of_lists(&lists)]).unwrap();
        connection.execute_batch(&trigger[0]).unwrap();
    }
}
