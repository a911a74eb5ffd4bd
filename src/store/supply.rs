//! What the log says of the lists that served a request, where several were open: with the operation
//! id, it tells which entry of the request each list served.

use std::convert::Infallible;

use serde::{Deserialize, Serialize};

use crate::list::{Assignment, ListNumber, Room, Turns};

/// The lists that a request found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Supply {
    at_once: usize,
    open: Vec<(u32, u64)>,
    turned: Vec<(u32, u64)>,
}

impl Supply {
    /// What is to be remembered of an assignment; nothing where one list served after the other.
    pub(crate) fn of(assignment: &Assignment, at_once: usize) -> Option<Self> {
        let rooms = |rooms: &[Room]| {
            let rooms = rooms.iter();
            rooms.map(|room| (room.list.value(), room.free)).collect()
        };
        assignment.order.as_ref()?;
        Some(Self {
            at_once,
            open: rooms(&assignment.open),
            turned: rooms(&assignment.turned),
        })
    }

    /// Which list served each of so many entries.
    pub(super) fn order(&self, operation_id: &str, count: u64) -> Option<Vec<u32>> {
        let room = |(list, free): &(u32, u64)| {
            let list = ListNumber::new(*list)?;
            Some(Room { list, free: *free })
        };
        let turns = Turns {
            operation_id,
            count,
            at_once: self.at_once,
        };
        let mut turned = self.turned.iter().filter_map(room);
        let open = self.open.iter().filter_map(room).collect();
        let assigned = turns.assign(open, || Ok::<_, Infallible>(turned.next()));
        assigned.ok()?.order
    }
}
