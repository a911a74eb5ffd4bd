//! By which a page is known to be as it was written.
//!
//! A page ends with the digest of all that stands before it. Whoever edits it breaks the seal, and
//! then it is theirs; a page with its seal may be replaced, also where a run that was killed left it
//! and no manifest knows it. The seal is no signature, and proves nothing of who wrote the page.

use sha2::{Digest as _, Sha256};

use crate::wire::hex;

const START: &str = "<!-- sealed sha256:";
const END: &str = " -->\n";

/// Seals a page.
pub(super) fn seal(mut page: String) -> String {
    let digest = Sha256::digest(page.as_bytes());
    page.push_str(START);
    page.push_str(&hex(&digest));
    page.push_str(END);
    page
}

/// Whether these bytes are a page as it was written.
pub(crate) fn is_sealed(bytes: &[u8]) -> bool {
    let length = START.len() + 64 + END.len();
    let Some((page, found)) = bytes.split_at_checked(bytes.len().saturating_sub(length)) else {
        return false;
    };
    let seal = format!("{START}{}{END}", hex(&Sha256::digest(page)));
    !page.is_empty() && found == seal.as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_was_edited_has_no_seal() {
        let page = seal("<!DOCTYPE html>\n<p>é\n".to_owned());
        assert!(is_sealed(page.as_bytes()));
        for place in 0..page.len() {
            let mut edited = page.clone().into_bytes();
            edited[place] ^= 1;
            assert!(!is_sealed(&edited), "{place}");
            assert!(!is_sealed(&page.as_bytes()[place + 1..]), "{place}");
        }
        assert!(!is_sealed(format!("{page}\n").as_bytes()));
        assert!(!is_sealed(seal(String::new()).as_bytes()));
        assert!(!is_sealed(b""));
    }
}
