//! No site is made around secrets.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, symlink};

use snapbox::str;

use crate::harness::{Place, SEED};

const PUBLISH: &str = "publish list.slist --to site --key key.pem";

/// Refuses a publication, also as a dry run, and says why.
fn refused(place: &Place, line: &str, file: &str) {
    for line in [line.to_owned(), format!("{line} -n")] {
        let before = place.files();
        let run = place.line(&format!("{line} --json"));
        let error = run.error();
        assert_eq!(
            (run.code, error.code.as_str()),
            (1, "REFUSED"),
            "{line}: {}",
            run.stderr
        );
        let expected = format!("'{file}' lies in the site");
        assert!(
            error.message.contains(&expected),
            "{line}: {}",
            error.message
        );
        assert!(before == place.files(), "{line}: a file changed");
    }
}

/// A published place, with a copy of the list file, the key and the settings in the site.
fn published() -> Place {
    let place = Place::with_list();
    place.done(PUBLISH);
    std::fs::create_dir_all(place.path("site/deep/er")).unwrap();
    place
}

fn copy(place: &Place, from: &str, to: &str) {
    std::fs::copy(place.path(from), place.path(to)).unwrap();
}

#[test]
fn what_a_command_is_given_does_not_lie_in_the_site() {
    let place = published();
    copy(&place, "list.slist", "site/deep/er/list.slist");
    copy(&place, "key.pem", "site/deep/er/key.pem");
    place.write("site/deep/er/settings.toml", "");
    refused(
        &place,
        "publish site/deep/er/list.slist --to site --key key.pem",
        "site/deep/er/list.slist",
    );
    refused(
        &place,
        "publish list.slist site/deep/er/../er/list.slist --to ./site/. --key key.pem",
        "site/deep/er/../er/list.slist",
    );
    refused(
        &place,
        "publish list.slist --to site --key site/deep/er/key.pem",
        "site/deep/er/key.pem",
    );
    refused(
        &place,
        &format!("{PUBLISH} --config site/deep/er/settings.toml"),
        "site/deep/er/settings.toml",
    );
    place.refuses(
        "publish site/deep/er/list.slist --to site --key key.pem",
        str![[r#"
--- stderr
error: 'site/deep/er/list.slist' lies in the site 'site'
because: it is a list file or a backup of one, which holds the seeds of its lists, and everything in a site is public
hint: move it away, or publish to a folder without secrets: --to FOLDER
--- exit 1

"#]],
    );
    // The public key of what signs elsewhere may be read by everybody.
    place.copy_key("test-p256-public.pem", "site/public.pem");
    place.done("publish list.slist --to site --key site/public.pem --signer-command false");
    place.done(PUBLISH);
}

#[test]
fn links_lead_to_secrets_too() {
    let place = published();
    // A link in the site to a file outside.
    symlink("../../../list.slist", place.path("site/deep/er/link.slist")).unwrap();
    refused(
        &place,
        "publish site/deep/er/link.slist --to site --key key.pem",
        "site/deep/er/link.slist",
    );
    // A link outside to a file in the site.
    copy(&place, "list.slist", "site/deep/er/list.slist");
    symlink("site/deep/er/list.slist", place.path("outside.slist")).unwrap();
    refused(
        &place,
        "publish outside.slist --to site --key key.pem",
        "outside.slist",
    );
    // A link to the folder of the list file.
    symlink(".", place.path("here")).unwrap();
    refused(
        &place,
        "publish list.slist --to here --key key.pem",
        "list.slist",
    );
}

#[test]
fn what_lies_in_the_folders_of_a_site_is_looked_at() {
    let place = published();
    place.done("backup list.slist copy.slist");
    place.copy_key("test-p256-pkcs8-encrypted.pem", "encrypted.pem");
    place.copy_key("test-p256-sec1-with-params.pem", "sec1.pem");
    place.copy_key("test-p256-private.jwk", "private.jwk");
    place.write("statuslist.toml", "");
    for secret in [
        "list.slist",
        "copy.slist",
        "key.pem",
        "encrypted.pem",
        "sec1.pem",
        "private.jwk",
    ] {
        for name in ["site/x", "site/.x", "site/statuslists/x.jwt"] {
            copy(&place, secret, name);
            refused(&place, PUBLISH, name);
            std::fs::remove_file(place.path(name)).unwrap();
        }
    }
    symlink("../key.pem", place.path("site/link")).unwrap();
    refused(&place, PUBLISH, "site/link");
    std::fs::remove_file(place.path("site/link")).unwrap();
    copy(&place, "statuslist.toml", "site/statuslist.toml");
    refused(&place, PUBLISH, "site/statuslist.toml");
    std::fs::remove_file(place.path("site/statuslist.toml")).unwrap();
    place.done(PUBLISH);
}

#[test]
fn what_is_no_secret_does_not_stop_a_publication() {
    let place = published();
    place.copy_key("test-p256-public.pem", "site/public.pem");
    place.copy_key("test-p256-certificate.pem", "site/certificate.pem");
    place.write("site/index.html", "<pre>-----BEGIN PRIVATE KEY-----</pre>");
    place.write("site/empty", "");
    place.write("site/large", vec![b'x'; 1 << 20]);
    rusqlite::Connection::open(place.path("site/other.db"))
        .unwrap()
        .execute("CREATE TABLE other (id INTEGER)", [])
        .unwrap();
    place.done(PUBLISH);
    // It may as well be a checksum.
    place.write("site/sum", format!("{SEED}\n"));
    let run = place.line(PUBLISH);
    assert_eq!(run.code, 0);
    assert!(
        run.stderr
            .starts_with("warning: 'site/sum' looks like a seed"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_cannot_be_looked_at_is_not_taken_for_harmless() {
    let place = published();
    symlink("loop", place.path("site/loop")).unwrap();
    // Nothing is there.
    symlink("nowhere", place.path("site/dangling")).unwrap();
    let run = place.line(PUBLISH);
    assert_eq!(run.code, 0);
    assert!(
        run.stderr
            .starts_with("warning: 'site/loop' could not be looked at: it may hold a secret"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("dangling"), "{}", run.stderr);
}

#[test]
fn a_private_key_that_others_can_read_is_warned_of() {
    let place = Place::with_list();
    place.copy_key("test-p256-public.pem", "public.pem");
    let warning = "warning: others can read 'key.pem', which holds a private key: \
                   chmod 600 'key.pem'\n";
    let lines = [
        PUBLISH,
        "sign list.slist --key key.pem -o token",
        "publish list.slist --to other --key key.pem -n",
    ];
    for (mode, warns) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true)] {
        std::fs::set_permissions(place.path("key.pem"), Permissions::from_mode(mode)).unwrap();
        for line in lines {
            let run = place.line(line);
            assert_eq!(run.code, 0, "{}", run.stderr);
            assert_eq!(
                run.stderr.contains(warning),
                warns,
                "{line}: {}",
                run.stderr
            );
        }
    }
    let public = Permissions::from_mode(0o644);
    std::fs::set_permissions(place.path("public.pem"), public).unwrap();
    let run = place.line("sign list.slist --key public.pem --prepare prepared -o message");
    assert!(!run.stderr.contains("others can read"), "{}", run.stderr);
}
