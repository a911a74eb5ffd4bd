use proptest::prelude::*;

use super::*;

fn read(text: &str, notation: Notation) -> Result<Document, Misread> {
    Document::read(text.as_bytes().to_vec(), notation)
}

fn places(document: &Document, value: &Placed, found: &mut Vec<String>) {
    found.push(document.place(value.offset).to_string());
    match &value.datum {
        Datum::Array(values) => values
            .iter()
            .for_each(|value| places(document, value, found)),
        Datum::Table(members) => members.iter().for_each(|member| {
            let place = document.place(member.offset);
            found.push(format!("{}@{place}", member.name));
            places(document, &member.value, found);
        }),
        _ => {}
    }
}

#[test]
fn both_notations_give_the_same_tree_with_places() {
    let toml = "'ä' = 1\n[list]\nuri = 'x'\nmeta = { a = [true, 1.5], b.c = -2 }\n";
    let json = "{\"ä\": 1,\n \"list\": {\"uri\":\"x\", \"meta\" : {\"a\":[true,1.5],\n\
                \"b\":{ \"c\":-2}}}}";
    let (toml, json) = (
        read(toml, Notation::Toml).unwrap(),
        read(json, Notation::Json).unwrap(),
    );
    assert_eq!(toml.root.json(), json.root.json());
    let (mut of_toml, mut of_json) = (Vec::new(), Vec::new());
    places(&toml, &toml.root, &mut of_toml);
    places(&json, &json.root, &mut of_json);
    assert_eq!(
        of_toml.join(" "),
        "1:1 ä@1:1 1:7 list@2:2 2:1 uri@3:1 3:7 meta@4:1 4:8 a@4:10 4:14 4:15 4:21 b@4:27 \
         4:27 c@4:29 4:33"
    );
    assert_eq!(
        of_json.join(" "),
        "1:1 ä@1:2 1:7 list@2:2 2:10 uri@2:11 2:17 meta@2:22 2:31 a@2:32 2:36 2:37 2:42 b@3:1 \
         3:5 c@3:7 3:11"
    );
}

#[test]
fn a_fault_has_its_place() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(200), close.repeat(200));
    for (text, notation, fault) in [
        ("a = 1\na = 2", Notation::Toml, "2:1: duplicate key"),
        (
            "a = nan",
            Notation::Toml,
            "1:5: infinity and what is no number are not read",
        ),
        (
            "a = -inf",
            Notation::Toml,
            "1:5: infinity and what is no number are not read",
        ),
        (
            "\n a = 2026-01-01",
            Notation::Toml,
            "2:6: a date or time is read as a text alone: quote it",
        ),
        (
            "a = 99999999999999999999",
            Notation::Toml,
            "1:5: the number is too large",
        ),
        (
            "{\"a\":1,\n\"a\":2}",
            Notation::Json,
            "2:3: the member 'a' stands twice",
        ),
        ("{\"a\":NaN}", Notation::Json, "1:6: expected value"),
        ("{} {}", Notation::Json, "1:4: something follows the end"),
        (
            "\u{feff}{}",
            Notation::Json,
            "1:1: the text begins with a byte order mark, which JSON has not",
        ),
        (
            &deep("[", "]"),
            Notation::Json,
            "1:128: recursion limit exceeded",
        ),
        (
            &format!("a = {}", deep("[", "]")),
            Notation::Toml,
            "1:85: cannot recurse further; max recursion depth met",
        ),
    ] {
        let misread = read(text, notation).unwrap_err();
        let place = misread.place.map(|place| format!("{place}: "));
        assert_eq!(format!("{}{misread}", place.unwrap_or_default()), fault);
    }
    let misread = Document::read(b"a = 1\nb = '\xff'".to_vec(), Notation::Toml).unwrap_err();
    assert_eq!(misread.place, Some(Place { line: 2, column: 6 }));
    let many = format!("a = [{}]", "0,".repeat(1 << 15));
    let misread = read(&many, Notation::Toml).unwrap_err();
    assert_eq!(misread.place, None);
    assert_eq!(
        misread.to_string(),
        "it has more than 16384 values, which are not read"
    );
}

#[test]
fn a_notation_is_told_by_its_beginning() {
    for text in ["{", " \n{}", "[{}]", "[ ]"] {
        assert_eq!(Notation::of(text.as_bytes()), Notation::Json, "{text}");
    }
    for text in ["", "a = 1", "[list]", "[[list]]", "# {", "['a']"] {
        assert_eq!(Notation::of(text.as_bytes()), Notation::Toml, "{text}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_judged_without_panic(bytes in any::<Vec<u8>>()) {
        for notation in [Notation::Toml, Notation::Json] {
            let _ = Document::read(bytes.clone(), notation);
        }
    }

    #[test]
    fn what_json_says_is_kept(text in r#"[\[\]{}",:0-9a-c. ä-]{0,24}"#) {
        let strict = parse_strict(text.as_bytes());
        let document = read(&text, Notation::Json);
        prop_assert_eq!(document.ok().map(|read| read.root.json()), strict.ok());
    }
}
