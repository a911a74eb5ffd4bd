//! How to check a status, with commands that can be copied.

use maud::{Markup, html};

use super::frame::exact;
use super::published::{PublishedList, SitePage};
use crate::list::{Holds, Securing, View};
use crate::wire::shell::quote;

/// The part of the page of a site that says how to check the status of a credential.
pub(super) fn checking(page: &SitePage) -> Markup {
    let signed = first(page, |view| view.row().securing != Securing::Nothing);
    let answers = first(page, |view| view.row().holds == Holds::Documents);
    html! {
        section.checking aria-labelledby="checking" {
            h2 #checking { "How to check a credential" }
            @if let Some(list) = signed { (of_list(page, list)) }
            @if let Some(list) = answers { (of_document(list)) }
        }
    }
}

/// The first list by uri whose view is such a one, so that the order does not count.
fn first(page: &SitePage, is_it: impl Fn(View) -> bool) -> Option<&PublishedList> {
    let lists = page.lists.iter().filter(|list| is_it(list.view));
    lists.min_by_key(|list| &list.uri)
}

fn of_list(page: &SitePage, list: &PublishedList) -> Markup {
    let has = |is_it: fn(View) -> bool| page.lists.iter().any(|list| is_it(list.view));
    let is_token = |view: View| !view.is_credential() && view.row().holds == Holds::Entries;
    let file = list.uri.rsplit('/').next().unwrap_or_default();
    let fetch_list = fetch(&list.uri, file);
    let entry = format!("{}#0", list.uri);
    let keys = page.documents.keys.as_ref();
    let keys = keys.map(|keys| format!("{}/{keys}", root(page, list)));
    let given = if keys.is_some() {
        "--jwks jwks.json"
    } else {
        "--key issuer.pem"
    };
    html! {
        ol.steps {
            li {
                p {
                    strong { "Find its place." } " "
                    @if has(is_token) {
                        "In SD-JWT VCs, mdocs and other tokens it is " code { "status_list" }
                        ", with the uri of the list and the index " code { "idx" } ". "
                    }
                    @if has(View::is_credential) {
                        "In W3C credentials it is " code { "credentialStatus" } ", with "
                        code { "statusListCredential" } " and " code { "statusListIndex" } ". "
                    }
                    "The last command below asks for index 0: put yours in its place."
                }
            }
            li {
                p {
                    strong { "Fetch the list" } " of that uri, and no other. Hold it no longer than \
                     it says: later it must be fetched anew."
                }
                pre { code { (fetch_list) } }
            }
            li {
                p {
                    strong { "Get the key of the issuer." } " "
                    @if keys.is_some() {
                        "The keys that this site shows are those that its lists are signed with. \
                         That they are the issuer's, this site alone cannot prove: compare them with \
                         what the issuer says elsewhere."
                    } @else {
                        "Take it from the issuer, by a way that you trust; here it is in "
                        code { "issuer.pem" } "."
                    }
                }
                @if let Some(keys) = &keys { pre { code { (fetch(keys, "jwks.json")) } } }
            }
            li {
                p {
                    strong { "Check the list, and read the entry." }
                    " This checks type, signature, uri and times, names every fault, and shows the \
                     status. It exits with 1 if the list must not be relied on."
                }
                pre { code {
                    "statuslist inspect " (quote(file)) " " (given) " --entry " (quote(&entry))
                } }
            }
        }
        (by_hand(page))
    }
}

/// What to look at without this tool.
fn by_hand(page: &SitePage) -> Markup {
    let has = |wanted: View| page.lists.iter().any(|list| list.view == wanted);
    let has_credentials = page.lists.iter().any(|list| list.view.is_credential());
    html! {
        h3 { "With other software" }
        p { "Refuse the list, and do not take the credential for valid, unless all of this holds:" }
        ul {
            li { "the signature is the issuer's, and now is before the end of its validity;" }
            @if has(View::Jwt) {
                li {
                    "in a JWT, " code { "typ" } " is " code { "statuslist+jwt" } " and " code { "sub" }
                    " is the uri in the credential, letter by letter;"
                }
            }
            @if has(View::Cwt) {
                li {
                    "in a CWT, " code { "typ" } " (16) is " code { "application/statuslist+cwt" }
                    " and claim 2, the subject, is the uri in the credential;"
                }
            }
            @if has_credentials {
                li {
                    "in a W3C credential, " code { "id" } " is the uri in the credential, and "
                    code { "statusPurpose" } " is what was asked for;"
                }
            }
            li { "the index lies in the list." }
        }
        @if has(View::Jwt) || has(View::Cwt) {
            p {
                "In a Token Status List the first entry is the least significant bit of the first \
                 byte. 0 is valid, 1 invalid, 2 suspended."
            }
        }
        @if has_credentials {
            p { "In a W3C list the first entry is the most significant bit of the first byte." }
        }
    }
}

fn of_document(list: &PublishedList) -> Markup {
    let command = format!("curl --fail {}", quote(format!("{}/HASH", list.uri)));
    html! {
        h3 { "OpenAttestation documents" }
        p {
            "The status of a document is the answer to its hash, which stands for "
            code { "HASH" } " here. Nobody signs the answer: it is as good as the connection to "
            (exact(origin(&list.uri))) "."
        }
        pre { code { (command) } }
    }
}

fn fetch(uri: &str, file: &str) -> String {
    format!("curl --fail --output {} {}", quote(file), quote(uri))
}

/// The uri of the root of the site that a list lies in.
fn root<'a>(page: &'a SitePage, list: &'a PublishedList) -> &'a str {
    let root = page.documents.root.as_deref();
    root.unwrap_or_else(|| origin(&list.uri))
}

/// The scheme and host of a uri.
fn origin(uri: &str) -> &str {
    let host = uri.find("://").map_or(0, |colon| colon + 3);
    let rest = uri.get(host..).unwrap_or_default();
    let end = rest.find('/').map_or(uri.len(), |slash| host + slash);
    uri.get(..end).unwrap_or_default()
}
