//! Core module → component, and what a component must look like to run in a browser.

use anyhow::{Context as _, Result, bail, ensure};
use wasmparser::{ComponentTypeRef, Encoding, Parser, Payload};

/// Wraps a core module, which carries its WIT world in a custom section, into a validated component.
pub fn encode(core: &[u8]) -> Result<Vec<u8>> {
    wit_component::ComponentEncoder::default()
        .validate(true)
        .module(core)
        .context("not a core module with a WIT world inside")?
        .encode()
        .context("cannot be wrapped into a component")
}

/// Checks that a component imports nothing that can be called: functions, modules, components, values.
/// Instances are let through, because a world that names an interface of types imports that.
pub fn check_imports_nothing(component: &[u8]) -> Result<()> {
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    let import = import?;
                    if !matches!(
                        import.ty,
                        ComponentTypeRef::Instance(_) | ComponentTypeRef::Type(_)
                    ) {
                        bail!(
                            "imports `{}`; a module may import nothing",
                            import.name.name
                        );
                    }
                }
            }
            Payload::ImportSection(section) => {
                if let Some(import) = section.into_imports().next() {
                    let import = import?;
                    let (name, from) = (import.name, import.module);
                    bail!("its code imports `{name}` from `{from}`; a module may import nothing");
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Checks the browser profile: a component with exactly one core module inside, which imports nothing.
/// The engine's loader for browsers takes this one module out and calls it without glue.
pub fn check_browser_profile(component: &[u8]) -> Result<()> {
    let mut outer = None;
    let mut modules = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::Version { encoding, .. } => {
                outer.get_or_insert(encoding);
            }
            Payload::ModuleSection { .. } => modules += 1,
            _ => {}
        }
    }
    ensure!(outer == Some(Encoding::Component), "not a component");
    ensure!(
        modules == 1,
        "{modules} core modules inside; the browser profile allows exactly one"
    );
    check_imports_nothing(component)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `\0asm`, version 1: an empty core module.
    const EMPTY_MODULE: &[u8] = b"\0asm\x01\0\0\0";

    /// A component around core modules, one section each.
    fn component(modules: &[&[u8]]) -> Vec<u8> {
        let mut bytes = b"\0asm\x0d\0\x01\0".to_vec();
        for module in modules {
            bytes.push(1); // section: core module
            bytes.push(u8::try_from(module.len()).unwrap());
            bytes.extend_from_slice(module);
        }
        bytes
    }

    /// A core module that imports the function `f` from `e`.
    fn importing_module() -> Vec<u8> {
        let mut bytes = EMPTY_MODULE.to_vec();
        bytes.extend_from_slice(&[1, 4, 1, 0x60, 0, 0]); // types: one, () -> ()
        bytes.extend_from_slice(&[2, 7, 1, 1, b'e', 1, b'f', 0, 0]); // imports: e.f, a function of type 0
        bytes
    }

    #[test]
    fn one_core_module_without_imports_keeps_the_profile() {
        check_browser_profile(&component(&[EMPTY_MODULE])).unwrap();
    }

    #[test]
    fn another_number_of_core_modules_breaks_it() {
        let none = check_browser_profile(&component(&[]))
            .unwrap_err()
            .to_string();
        assert!(none.starts_with("0 core modules"), "{none}");
        let two = check_browser_profile(&component(&[EMPTY_MODULE, EMPTY_MODULE]))
            .unwrap_err()
            .to_string();
        assert!(two.starts_with("2 core modules"), "{two}");
    }

    #[test]
    fn an_import_is_named() {
        let error = check_browser_profile(&component(&[&importing_module()]))
            .unwrap_err()
            .to_string();
        assert!(error.contains("`f` from `e`"), "{error}");
    }

    #[test]
    fn a_bare_core_module_is_not_a_component() {
        assert!(check_browser_profile(EMPTY_MODULE).is_err());
        assert!(check_browser_profile(b"not wasm at all").is_err());
        assert!(encode(b"not wasm at all").is_err());
    }
}
