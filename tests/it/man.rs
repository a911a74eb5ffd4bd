//! What the man pages say beyond what the generator would make of the help.

use std::path::Path;

#[test]
fn pages_name_the_variables() {
    let page = page("statuslist-publish");
    for name in ["STATUSLIST_KEY", "STATUSLIST_BASE_DIR", "STATUSLIST_NOW"] {
        assert!(page.contains(name), "{name}");
    }
}

#[test]
fn the_main_page_has_a_section_of_exit_codes() {
    let page = page("statuslist");
    for text in [
        ".SH \"EXIT CODES\"\n.TP\n\\fB0\\fR\ndone, or nothing to do\n",
        ".TP\n\\fB5\\fR\n",
    ] {
        assert!(page.contains(text), "{page}");
    }
    assert!(!page.contains("EXTRA"));
}

fn page(name: &str) -> String {
    let path = Path::new("man").join(name).with_extension("1");
    let (_, bytes) = statuslist::cli::generated()
        .unwrap()
        .into_iter()
        .find(|(found, _)| *found == path)
        .unwrap();
    String::from_utf8(bytes).unwrap()
}
