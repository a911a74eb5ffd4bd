//! What tests of other rooms need of a list file.

use super::{Backups, OperationId, Stamp, Store, Work};
use crate::list::ListNumber;

impl Store {
    /// Retires a list.
    pub(crate) fn retire(&self, list: ListNumber) {
        let lock = self.lock(Backups::Refused).unwrap();
        let stamp = Stamp {
            operation: "retire",
            operation_id: OperationId::Random(format!("retire {list}")),
            request: [0; 32],
            actor: "tester".to_owned(),
            note: String::new(),
            now: lock.head().at,
            receivers: Vec::new(),
        };
        let work = Work {
            retired: vec![list],
            ..Work::default()
        };
        lock.prepare(&stamp, work).unwrap().keep().unwrap();
    }
}
