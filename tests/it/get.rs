//! `get`: what an entry is, was, and why.

use snapbox::str;

use crate::harness::Place;

#[test]
fn what_somebody_noted_never_drives_a_terminal() {
    let place = Place::with_list();
    place.done("allocate list.slist --token-id a");
    place.done("set list.slist id:a revoked --note 'a\u{1b}[2Jb\nc\u{202e}' --actor '\u{1b}c'");
    place.shows("get list.slist id:a --history", str![[r#"
entry:      0/826
status:     invalid (1)
uri:        https://example.com/statuslists/0.jwt
token id:   a
allocated:  2026-01-01T00:00:00Z
updated:    2026-01-01T00:00:00Z
note:       a\u{1b}[2Jb\u{a}c\u{202e}
changes:    1
  2026-01-01T00:00:00Z  revision 3: valid (0) -> invalid (1), unspecified by \u{1b}c: a\u{1b}[2Jb\u{a}c\u{202e}

"#]]);
    let shown = place.done("inspect list.slist");
    assert!(!shown.contains('\u{1b}'), "{shown}");
}
