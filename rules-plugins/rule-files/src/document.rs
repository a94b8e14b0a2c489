//! The rule file as it is written: read strictly, every refusal with its place.

use plancheck_contract::Severity;
use serde_json::{Map, Value as Json};

use crate::error::{What, Wrong, wrong};

/// The categories that the original knows; it does not load a file with another one.
const CATEGORIES: [&str; 14] = [
    "electrical_safety",
    "electrical_design",
    "plumbing_water_supply",
    "plumbing_drainage",
    "mechanical_hvac",
    "mechanical_ventilation",
    "structural_loads",
    "structural_materials",
    "fire_safety_egress",
    "fire_safety_resistance",
    "accessibility",
    "energy_efficiency",
    "environmental",
    "general",
];
const CONDITIONS: [&str; 5] = ["property", "spatial", "relationship", "system", "composite"];
const ACTIONS: [&str; 6] = [
    "validation",
    "calculation",
    "warning",
    "error",
    "modification",
    "notification",
];
const SEVERITIES: [&str; 3] = ["error", "warning", "info"];

/// A rule file.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub id: String,
    pub name: String,
    pub description: String,
    pub version: String,
    pub effective: String,
    pub place: Place,
    /// Why the original does not load the file, although it can be understood.
    pub refused: Option<String>,
    pub rules: Vec<Rule>,
}

/// Where the rules are law.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    pub country: String,
    pub state: String,
    pub county: String,
    pub city: String,
}

/// A rule.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub id: String,
    pub name: String,
    pub description: String,
    pub category: String,
    pub enabled: bool,
    pub conditions: Vec<Json>,
    pub actions: Vec<Action>,
    /// Its place in the file.
    pub pointer: String,
}

/// What a rule does with the objects that it matches.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// Reports each.
    Report {
        message: String,
        severity: Severity,
        code_reference: Option<String>,
    },
    /// Computes a number of all.
    Calculate {
        formula: String,
        unit: Json,
        description: Json,
    },
    /// Nothing that anybody sees.
    Nothing,
}

/// Whether Python takes a value for true.
pub(crate) fn is_truthy(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(truth) => *truth,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(list) => !list.is_empty(),
        Json::Object(object) => !object.is_empty(),
    }
}

/// A value in an object that is a JSON object, with the pointer of the object.
pub(crate) struct At<'j> {
    pub object: &'j Map<String, Json>,
    pub pointer: String,
}

impl<'j> At<'j> {
    pub(crate) fn new(value: &'j Json, pointer: impl Into<String>) -> Result<At<'j>, Wrong> {
        let pointer = pointer.into();
        match value {
            Json::Object(object) => Ok(At { object, pointer }),
            _ => wrong(pointer, What::Expected("an object")),
        }
    }

    pub(crate) fn at(&self, key: &str) -> String {
        format!("{}/{key}", self.pointer)
    }

    fn text(&self, key: &'static str) -> Result<String, Wrong> {
        match self.object.get(key) {
            Some(Json::String(text)) => Ok(text.clone()),
            Some(_) => wrong(self.at(key), What::Expected("a text")),
            None => wrong(&self.pointer, What::Missing(key)),
        }
    }

    /// A text; none where there is none, or null.
    fn optional(&self, key: &str) -> Result<Option<String>, Wrong> {
        match self.object.get(key) {
            Some(Json::String(text)) => Ok(Some(text.clone())),
            None | Some(Json::Null) => Ok(None),
            Some(_) => wrong(self.at(key), What::Expected("a text or null")),
        }
    }

    fn list(&self, key: &str) -> Result<&'j [Json], Wrong> {
        match self.object.get(key) {
            Some(Json::Array(list)) => Ok(list),
            None => Ok(&[]),
            Some(_) => wrong(self.at(key), What::Expected("a list")),
        }
    }

    fn word(&self, key: &'static str, what: &'static str, known: &[&str]) -> Result<String, Wrong> {
        let found = self.text(key)?;
        if known.contains(&found.as_str()) {
            return Ok(found);
        }
        let known = known.join(", ");
        wrong(self.at(key), What::Unknown { what, found, known })
    }

    /// The first key that the original does not know here.
    fn stranger(&self, known: &[&str]) -> Option<&'j String> {
        self.object
            .keys()
            .find(|key| !known.contains(&key.as_str()))
    }
}

/// Reads a rule file.
pub(crate) fn read(json: &Json) -> Result<Document, Wrong> {
    let top = At::new(json, "")?;
    let mut refused = None;
    let mut refuse = |why: String| {
        refused.get_or_insert(why);
    };
    let Some(place) = top.object.get("jurisdiction") else {
        return wrong("", What::Missing("jurisdiction"));
    };
    let place = At::new(place, "/jurisdiction")?;
    // Some files have it among the jurisdiction.
    let effective = match top.optional("effective_date")? {
        Some(date) => date,
        None => place.optional("effective_date")?.unwrap_or_default(),
    };
    if !top.object.contains_key("effective_date") {
        refuse("it has no effective_date".to_owned());
    }
    if let Some(key) = place.stranger(&["country", "state", "city", "county"]) {
        refuse(format!("its jurisdiction has {key:?}"));
    }
    if !place.object.contains_key("country") {
        refuse("its jurisdiction has no country".to_owned());
    }
    if let Some(metadata) = top.object.get("metadata") {
        let metadata = At::new(metadata, "/metadata")?;
        let known = ["source", "website", "contact", "notes", "last_updated"];
        if let Some(key) = metadata.stranger(&known) {
            refuse(format!("its metadata has {key:?}"));
        }
        if !metadata.object.contains_key("source") {
            refuse("its metadata has no source".to_owned());
        }
    }
    let mut rules = Vec::new();
    for (index, rule) in top.list("rules")?.iter().enumerate() {
        let rule = self::rule(&At::new(rule, format!("/rules/{index}"))?)?;
        if !CATEGORIES.contains(&rule.category.as_str()) {
            refuse(format!(
                "the category {:?} of rule {:?} is none that it knows",
                rule.category, rule.id
            ));
        }
        rules.push(rule);
    }
    let lower = |key| Ok(place.optional(key)?.unwrap_or_default().to_lowercase());
    let place = Place {
        country: lower("country")?,
        state: lower("state")?,
        county: lower("county")?,
        city: lower("city")?,
    };
    Ok(Document {
        id: top.text("mcp_id")?,
        name: top.text("name")?,
        description: top.text("description")?,
        version: top.text("version")?,
        effective,
        place,
        refused,
        rules,
    })
}

fn rule(at: &At<'_>) -> Result<Rule, Wrong> {
    let conditions = at.list("conditions")?;
    for (index, condition) in conditions.iter().enumerate() {
        check_condition(condition, format!("{}/{index}", at.at("conditions")), 0)?;
    }
    let mut actions = Vec::new();
    for (index, action) in at.list("actions")?.iter().enumerate() {
        let pointer = format!("{}/{index}", at.at("actions"));
        actions.push(self::action(&At::new(action, pointer)?)?);
    }
    Ok(Rule {
        id: at.text("rule_id")?,
        name: at.text("name")?,
        description: at.text("description")?,
        category: at.text("category")?,
        enabled: at.object.get("enabled").is_none_or(is_truthy),
        conditions: conditions.to_vec(),
        actions,
        pointer: at.pointer.clone(),
    })
}

fn check_condition(condition: &Json, pointer: String, depth: usize) -> Result<(), Wrong> {
    if depth + 1 >= plancheck_rule_files_runner::format::MAX_DEPTH {
        let why = "conditions within conditions are too deep".to_owned();
        return wrong(pointer, What::TooMany(why));
    }
    let at = At::new(condition, pointer)?;
    at.word("type", "condition type", &CONDITIONS)?;
    for (index, part) in at.list("conditions")?.iter().enumerate() {
        check_condition(part, format!("{}/{index}", at.at("conditions")), depth + 1)?;
    }
    Ok(())
}

fn action(at: &At<'_>) -> Result<Action, Wrong> {
    let kind = at.word("type", "action type", &ACTIONS)?;
    let severity = match at.object.contains_key("severity") {
        true => Some(at.word("severity", "severity", &SEVERITIES)?),
        false => None,
    };
    let severity = severity.map(|word| match word.as_str() {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Info,
    });
    Ok(match kind.as_str() {
        "validation" | "warning" | "error" => {
            let message = at.optional("message")?.filter(|text| !text.is_empty());
            match (message, severity) {
                (Some(message), Some(severity)) => Action::Report {
                    message,
                    severity,
                    code_reference: at.optional("code_reference")?,
                },
                _ => Action::Nothing,
            }
        }
        "calculation" => match at.optional("formula")?.filter(|text| !text.is_empty()) {
            Some(formula) => {
                let value = |key| at.object.get(key).cloned().unwrap_or(Json::Null);
                Action::Calculate {
                    formula,
                    unit: value("unit"),
                    description: value("description"),
                }
            }
            None => Action::Nothing,
        },
        _ => Action::Nothing,
    })
}
