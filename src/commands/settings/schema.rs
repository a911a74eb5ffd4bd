//! A JSON Schema of `statuslist.toml`, by which editors complete and check it.

use clap::Command;
use serde_json::{Map, Value, json};

use super::statuslist_toml::{LIST, arrays, sections};
use super::{Scalar, Setting, Shape};

/// The schema. `list` are the settings of the table that `init --from` reads; those that say nothing
/// of themselves are described by the help of the option of their name.
pub(crate) fn schema(list: &[Setting], init: &Command) -> Value {
    let mut tables = Map::new();
    for section in sections() {
        let about = |setting: &Setting| setting.about.to_owned();
        let mut schema = table(section.about, section.settings, &about);
        if let Some(named) = section.named {
            schema["additionalProperties"] = table(named.about, named.settings, &about);
        }
        if let Some(items) = section.items {
            let of_item = table(items.about, items.settings, &about);
            schema["properties"][items.name]["type"] = json!("array");
            schema["properties"][items.name]["items"] = of_item;
        }
        let table = schema;
        tables.insert(section.name.to_owned(), table);
    }
    for array in arrays() {
        let items = table(array.about, array.settings, &|setting| {
            setting.about.to_owned()
        });
        let array_of = json!({ "description": array.about, "type": "array", "items": items });
        tables.insert(array.name.to_owned(), array_of);
    }
    let about = "The settings of a list file: statuslist init FILE --from statuslist.toml.";
    let described = |setting: &Setting| match setting.about {
        "" => help(init, setting.name),
        about => about.to_owned(),
    };
    tables.insert(LIST.to_owned(), table(about, list, &described));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "statuslist.toml",
        "description": "Settings of statuslist: --config, STATUSLIST_CONFIG, or the folder that it runs in.",
        "type": "object",
        "additionalProperties": false,
        "properties": tables,
    })
}

fn table(about: &str, settings: &[Setting], described: &dyn Fn(&Setting) -> String) -> Value {
    let properties: Map<String, Value> = settings
        .iter()
        .map(|setting| {
            let mut schema = json!({ "description": described(setting) });
            if let (Some(schema), Value::Object(shape)) = (schema.as_object_mut(), shape(setting)) {
                schema.extend(shape);
            }
            (setting.name.to_owned(), schema)
        })
        .collect();
    json!({
        "description": about,
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn shape(setting: &Setting) -> Value {
    let one = |types: &[&str]| match types {
        [only] => json!(only),
        several => json!(several),
    };
    let types = |scalar: Scalar| match scalar {
        Scalar::Text => vec!["string"],
        Scalar::TextOrNull => vec!["string", "null"],
        Scalar::Whole => vec!["integer"],
        Scalar::TextOrWhole => vec!["string", "integer"],
        Scalar::Truth => vec!["boolean"],
    };
    let or_array = |scalar: Scalar| {
        let types = types(scalar);
        let or_array = [types.as_slice(), &["array"]].concat();
        json!({ "type": or_array, "items": { "type": one(&types) } })
    };
    match setting.shape {
        Shape::One(scalar) => json!({ "type": one(&types(scalar)) }),
        Shape::Many(scalar) => or_array(scalar),
        Shape::Pairs(scalar) => json!({
            "type": ["object", "array", "string"],
            "items": { "type": "string" },
            "additionalProperties": or_array(scalar),
        }),
        Shape::Any => json!({}),
        Shape::Free => json!({ "type": "object" }),
    }
}

/// What the help says of an option, in one line.
fn help(command: &Command, option: &str) -> String {
    let argument = command
        .get_arguments()
        .find(|argument| argument.get_long() == Some(option));
    let help = argument.and_then(|argument| argument.get_long_help().or(argument.get_help()));
    help.map(ToString::to_string).unwrap_or_default()
}
