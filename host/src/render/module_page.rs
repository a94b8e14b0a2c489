//! A module as one page for a browser: complete in itself, without scripts and without anything from
//! elsewhere. Every word of the module is escaped; raw HTML in its pages is shown as text.

use std::fmt::Write as _;

use plancheck_contract::manifest::Rule;
use plancheck_contract::{Manifest, Stage, Unit};
use plancheck_engine::facts::text::show;
use pulldown_cmark::{Event, Options, Parser, html};

use super::counted;
use crate::catalogue::place_of;

const STYLE: &str = include_str!("module_page.css");

/// The page.
#[must_use]
pub fn page(manifest: &Manifest) -> String {
    let module = &manifest.module;
    let title = escaped(&module.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n"
    );
    about(&mut out, manifest);
    out.push_str("</header>\n<main>\n");
    let _ = writeln!(
        out,
        "<section class=\"limits\"><h2>Not covered</h2>{}</section>",
        markdown(&module.limits)
    );
    amends(&mut out, manifest);
    contents(&mut out, manifest);
    for rule in &manifest.rules {
        one(&mut out, manifest, rule);
    }
    derived(&mut out, manifest);
    parameters(&mut out, manifest);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn about(out: &mut String, manifest: &Manifest) {
    let (module, place) = (&manifest.module, &manifest.jurisdiction);
    let in_force = match (
        place.effective_from.as_str(),
        place.effective_until.as_str(),
    ) {
        ("", "") => "not said".to_owned(),
        (from, "") => format!("from {from}"),
        ("", until) => format!("until {until}"),
        (from, until) => format!("from {from} until {until}"),
    };
    let verified = manifest.rules.iter().filter(|rule| rule.verified).count();
    let rows = [
        ("Module", format!("{} {}", module.id, module.version)),
        ("Place", place_of(place)),
        ("Code", format!("{} {}", place.family, place.edition)),
        ("In force", in_force),
        ("Publisher", module.publisher.clone()),
        (
            "Held against the official text",
            format!(
                "{verified} of {}",
                counted(manifest.rules.len() as u64, "rule")
            ),
        ),
    ];
    out.push_str("<dl>\n");
    for (name, value) in rows {
        let _ = writeln!(out, "<dt>{name}</dt><dd>{}</dd>", escaped(&value));
    }
    out.push_str("</dl>\n");
}

fn amends(out: &mut String, manifest: &Manifest) {
    let Some(amends) = &manifest.amends else {
        return;
    };
    let _ = writeln!(
        out,
        "<section><h2>What it changes</h2><p>It amends <code>{}</code>.</p>",
        escaped(&amends.module)
    );
    if !amends.parameters.is_empty() {
        out.push_str(
            "<table><thead><tr><th>number</th><th>becomes</th><th>by</th></tr></thead><tbody>\n",
        );
        for cell in &amends.parameters {
            let name = if cell.key.is_empty() {
                cell.name.clone()
            } else {
                format!("{}.{}", cell.name, cell.key)
            };
            let _ = writeln!(
                out,
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
                escaped(&name),
                escaped(&number(cell.value, &cell.unit)),
                cited(manifest, &cell.citation)
            );
        }
        out.push_str("</tbody></table>\n");
    }
    if !amends.disable.is_empty() {
        let _ = writeln!(
            out,
            "<p>Not in force there: {}</p>",
            escaped(&amends.disable.join(", "))
        );
    }
    out.push_str("</section>\n");
}

fn contents(out: &mut String, manifest: &Manifest) {
    if manifest.rules.is_empty() {
        return;
    }
    out.push_str(
        "<nav><h2>Rules</h2><table><thead><tr><th>rule</th><th>clause</th><th>severity</th></tr></thead><tbody>\n",
    );
    for rule in &manifest.rules {
        let _ = writeln!(
            out,
            "<tr><td><a href=\"#{}\">{}</a>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(&rule.id),
            escaped(&rule.title),
            match rule.stage {
                Stage::Stable => "",
                Stage::Preview => " <em>preview</em>",
                Stage::Retired => " <em>retired</em>",
            },
            cited(manifest, &rule.citation),
            rule.severity.name()
        );
    }
    out.push_str("</tbody></table></nav>\n");
}

fn one(out: &mut String, manifest: &Manifest, rule: &Rule) {
    let checked = if rule.verified {
        "held against the official text"
    } else {
        "not held against the official text"
    };
    let _ = writeln!(
        out,
        "<section class=\"rule\" id=\"{id}\"><h2><a href=\"#{id}\">{}</a></h2>\n\
         <p class=\"meta\"><span class=\"severity {severity}\">{severity}</span> {} · <code>{id}</code> · {} · {}, since {} · \
         {checked}</p>",
        escaped(&rule.title),
        cited(manifest, &rule.citation),
        escaped(&rule.category.replace('_', " ")),
        rule.stage.name(),
        escaped(&rule.since),
        id = escaped(&rule.id),
        severity = rule.severity.name(),
    );
    let old = manifest.redirects.iter().map(|r| r.from.as_str());
    let old: Vec<String> = old
        .filter(|id| manifest.current_id(id) == rule.id)
        .map(|id| format!("<code>{}</code>", escaped(id)))
        .collect();
    if !old.is_empty() {
        let _ = writeln!(out, "<p class=\"meta\">Before: {}</p>", old.join(", "));
    }
    out.push_str(&markdown(&rule.page));
    if let Some(view) = manifest.views.get(rule.view as usize) {
        let facts: Vec<String> = view
            .facts
            .iter()
            .map(|fact| format!("<code>{}</code>", escaped(&fact.path)))
            .collect();
        let _ = writeln!(
            out,
            "<p class=\"facts\">Of each <code>{}</code> it may look at: {}</p>",
            escaped(&view.subject),
            facts.join(", ")
        );
    }
    out.push_str("</section>\n");
}

fn derived(out: &mut String, manifest: &Manifest) {
    if manifest.derived.is_empty() {
        return;
    }
    out.push_str("<section><h2>Facts that it computes</h2><dl>\n");
    for fact in &manifest.derived {
        let _ = writeln!(
            out,
            "<dt>{} <code>{}</code></dt><dd>{}</dd>",
            escaped(&fact.title),
            escaped(&fact.name),
            escaped(&fact.description)
        );
    }
    out.push_str("</dl></section>\n");
}

fn parameters(out: &mut String, manifest: &Manifest) {
    if manifest.parameters.is_empty() {
        return;
    }
    out.push_str(
        "<section><h2>Numbers of the code</h2><table><thead><tr><th>number</th><th>value</th><th>clause</th><th>name</th>\
         </tr></thead><tbody>\n",
    );
    for parameter in &manifest.parameters {
        for cell in &parameter.cells {
            let title = if cell.key.is_empty() {
                parameter.title.clone()
            } else {
                format!("{}: {}", parameter.title, cell.key.replace('_', " "))
            };
            let _ = writeln!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td><code>{}</code></td></tr>",
                escaped(&title),
                escaped(&number(cell.value, &parameter.unit)),
                cited(manifest, &parameter.citation),
                escaped(&parameter.name)
            );
        }
    }
    out.push_str("</tbody></table></section>\n");
}

/// A citation, with what its section is about and a link to it where they are known.
fn cited(manifest: &Manifest, citation: &str) -> String {
    let Some(section) = manifest.section(citation) else {
        return escaped(citation);
    };
    let mut out = escaped(citation);
    if is_web(&section.link) {
        out = format!(
            "<a href=\"{}\" rel=\"noreferrer\">{out}</a>",
            escaped(&section.link)
        );
    }
    if !section.title.is_empty() {
        let _ = write!(out, "<br><small>{}</small>", escaped(&section.title));
    }
    out
}

/// A number as the code writes it.
#[must_use]
pub fn number(value: Option<f64>, unit: &str) -> String {
    match (value, Unit::from_symbol(unit)) {
        (None, _) => "not permitted".to_owned(),
        (Some(value), Some(unit)) => show(unit.to_si(value), unit),
        (Some(value), None) => format!("{value} {unit}"),
    }
}

/// Markdown as HTML. Headings of a page stand below those of this one.
fn markdown(text: &str) -> String {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, lower(links(events)));
    out
}

/// Only addresses of the web are links; others are their text.
fn links<'t>(events: impl Iterator<Item = Event<'t>>) -> impl Iterator<Item = Event<'t>> {
    use pulldown_cmark::{Tag, TagEnd};
    let mut dropped = 0_usize;
    events.filter(move |event| match event {
        Event::Start(Tag::Link { dest_url, .. }) if !is_web(dest_url) => {
            dropped += 1;
            false
        }
        Event::End(TagEnd::Link) if dropped > 0 => {
            dropped -= 1;
            false
        }
        // Nothing is fetched from elsewhere.
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => false,
        _ => true,
    })
}

fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

fn lower<'t>(events: impl Iterator<Item = Event<'t>>) -> impl Iterator<Item = Event<'t>> {
    use pulldown_cmark::{HeadingLevel, Tag, TagEnd};
    let below = |level: HeadingLevel| match level {
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        _ => HeadingLevel::H5,
    };
    events.map(move |event| match event {
        Event::Start(Tag::Heading {
            level,
            classes,
            attrs,
            ..
        }) => Event::Start(Tag::Heading {
            level: below(level),
            id: None,
            classes,
            attrs,
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        other => other,
    })
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && c != '\n' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_module_says_is_text_whatever_it_says() {
        let hostile = "<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](https://a/b.png) **bold**\n\n# Head";
        let out = markdown(hostile);
        assert!(!out.contains("<script") && !out.contains("<img") && !out.contains("href"));
        assert!(
            out.contains("<strong>bold</strong>") && out.contains("<h3>Head</h3>"),
            "{out}"
        );
        let manifest = Manifest {
            module: plancheck_contract::manifest::ModuleInfo {
                title: "</title><script>".to_owned(),
                ..Default::default()
            },
            ..Manifest::default()
        };
        assert!(!page(&manifest).contains("<script"));
    }
}
