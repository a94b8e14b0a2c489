//! Reads a component before the compiler does: what it imports and exports, and whether
//! compiling it is affordable. Nothing of it runs here.

use plancheck_engine::module_file::{self, ModuleFile, at_most, shown_exports};
use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType};
use wasmparser::types::Types;
use wasmparser::{
    BinaryReaderError, Encoding, FuncValidatorAllocations, FunctionBody, MemorySectionReader,
    Parser, Payload, TableSectionReader, ValidPayload, Validator, WasmFeatures,
};

use super::error::{FileError, ModuleError, shown};
use super::limits::Limits;

/// What a component is to be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum World {
    /// A jurisdiction module: the code in it and its component are one program in browsers too.
    Module,
    /// The engine, which is ours.
    Engine,
}

impl World {
    /// What it exports, with the major version that this host calls.
    pub(super) fn interface(self) -> &'static str {
        match self {
            World::Module => module_file::INTERFACE,
            World::Engine => "plancheck:engine/session@1",
        }
    }

    /// It exports something else.
    pub(super) fn wrong(self, found: String) -> ModuleError {
        let expected = self.interface().into();
        FileError::WrongWorld { found, expected }.into()
    }
}

/// WebAssembly 2.0 and components, as every browser has them: no threads, no relaxed SIMD
/// (whose results depend on the machine), no garbage collection, no exceptions.
fn features() -> WasmFeatures {
    WasmFeatures::WASM2 | WasmFeatures::COMPONENT_MODEL
}

/// Core modules, core instances and component instances of a component. What `wit-component`
/// makes has one core module and three instances.
const MAX_INSTANCES: u32 = 16;

/// Checks a component and returns the name of its export, `plancheck:module/rules@1.0.0`.
///
/// `memory` is what an instance may have. With `caps`, also that an untrusted component keeps
/// within them.
pub(super) fn inspect(
    bytes: &[u8],
    world: World,
    memory: usize,
    caps: Option<&Limits>,
) -> Result<String, ModuleError> {
    if let Some(caps) = caps {
        at_most("bytes", bytes.len() as u64, caps.max_module_bytes as u64)?;
    }
    if !Parser::is_component(bytes) {
        return Err(FileError::NotAComponent.into());
    }
    let mut walk = Walk {
        caps,
        memory: memory as u64,
        ..Walk::default()
    };
    let types = walk.validate(bytes)?;
    match world {
        World::Module => Ok(ModuleFile::read(bytes)?.interface().to_owned()),
        World::Engine => {
            let export = walk.expect_world(world)?;
            walk.expect_no_imports(&types)?;
            Ok(export)
        }
    }
}

/// The walk over all sections, nested ones included.
#[derive(Default)]
struct Walk<'a> {
    caps: Option<&'a Limits>,
    memory: u64,
    depth: u32,
    functions: u64,
    instances: u32,
    imports: Vec<String>,
    exports: Vec<String>,
}

impl Walk<'_> {
    fn validate(&mut self, bytes: &[u8]) -> Result<Types, ModuleError> {
        let mut parser = Parser::new(0);
        parser.set_features(features());
        let mut validator = Validator::new_with_features(features());
        let mut spare = FuncValidatorAllocations::default();
        let mut types = None;
        for payload in parser.parse_all(bytes) {
            let payload = payload.map_err(invalid)?;
            // Before validation: a section that is over a limit is not worth reading.
            self.look(&payload)?;
            match validator.payload(&payload).map_err(invalid)? {
                ValidPayload::Func(function, body) => {
                    let mut function = function.into_validator(spare);
                    function.validate(&body).map_err(invalid)?;
                    spare = function.into_allocations();
                }
                ValidPayload::End(end) => types = Some(end),
                ValidPayload::Ok | ValidPayload::Parser(_) => {}
            }
        }
        types.ok_or(FileError::Truncated.into())
    }

    fn look(&mut self, payload: &Payload<'_>) -> Result<(), ModuleError> {
        match payload {
            Payload::Version {
                encoding: Encoding::Module,
                ..
            } => {
                self.instances += 1;
                self.items("core modules and instances", self.instances, MAX_INSTANCES)?;
            }
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => self.depth += 1,
            Payload::End(_) => self.depth = self.depth.saturating_sub(1),
            Payload::InstanceSection(s) => {
                self.instances += s.count();
                self.items("core modules and instances", self.instances, MAX_INSTANCES)?;
            }
            Payload::ComponentInstanceSection(s) => {
                self.instances += s.count();
                self.items("core modules and instances", self.instances, MAX_INSTANCES)?;
            }
            Payload::ComponentImportSection(section) if self.depth == 0 => {
                for import in section.clone() {
                    self.imports
                        .push(import.map_err(invalid)?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if self.depth == 0 => {
                for export in section.clone() {
                    self.exports
                        .push(export.map_err(invalid)?.name.name.to_owned());
                }
            }
            Payload::TypeSection(s) => self.counted("types", s.count())?,
            Payload::CoreTypeSection(s) => self.counted("types", s.count())?,
            Payload::ComponentTypeSection(s) => self.counted("types", s.count())?,
            Payload::ComponentAliasSection(s) => self.counted("aliases", s.count())?,
            Payload::ComponentCanonicalSection(s) => self.counted("adapters", s.count())?,
            Payload::ImportSection(s) => self.counted("core imports", s.count())?,
            Payload::ExportSection(s) => self.counted("core exports", s.count())?,
            Payload::GlobalSection(s) => self.counted("globals", s.count())?,
            Payload::ElementSection(s) => self.counted("element segments", s.count())?,
            Payload::DataSection(s) => self.counted("data segments", s.count())?,
            Payload::TableSection(section) => self.tables(section)?,
            Payload::MemorySection(section) => self.memories(section)?,
            Payload::FunctionSection(section) => self.functions(section.count())?,
            Payload::CodeSectionEntry(body) => self.body(body)?,
            _ => {}
        }
        Ok(())
    }

    fn items(&self, what: &'static str, found: u32, limit: u32) -> Result<(), ModuleError> {
        if self.caps.is_some() {
            at_most(what, found.into(), limit.into())?;
        }
        Ok(())
    }

    fn counted(&self, what: &'static str, found: u32) -> Result<(), ModuleError> {
        self.items(what, found, self.caps.map_or(0, |caps| caps.max_items))
    }

    fn tables(&self, section: &TableSectionReader<'_>) -> Result<(), ModuleError> {
        let Some(caps) = self.caps else { return Ok(()) };
        self.items("tables", section.count(), MAX_INSTANCES)?;
        for table in section.clone() {
            let initial = table.map_err(invalid)?.ty.initial;
            at_most("table elements", initial, caps.max_table_elements as u64)?;
        }
        Ok(())
    }

    fn memories(&self, section: &MemorySectionReader<'_>) -> Result<(), ModuleError> {
        const PAGE: u64 = 65_536;
        let limit = self.memory;
        for memory in section.clone() {
            let bytes = memory.map_err(invalid)?.initial.saturating_mul(PAGE);
            if bytes > limit {
                return Err(FileError::OutOfMemory { limit }.into());
            }
        }
        Ok(())
    }

    fn functions(&mut self, count: u32) -> Result<(), ModuleError> {
        self.functions += u64::from(count);
        match self.caps.map(|caps| caps.max_functions as u64) {
            Some(limit) if self.functions > limit => Err(FileError::TooManyFunctions {
                found: self.functions,
                limit,
            }
            .into()),
            _ => Ok(()),
        }
    }

    fn body(&self, body: &FunctionBody<'_>) -> Result<(), ModuleError> {
        let Some(caps) = self.caps else { return Ok(()) };
        let (bytes, limit) = (body.range().len() as u64, caps.max_function_bytes as u64);
        if bytes > limit {
            return Err(FileError::FunctionTooLarge { bytes, limit }.into());
        }
        let mut locals = 0;
        for declared in body.get_locals_reader().map_err(invalid)? {
            locals += u64::from(declared.map_err(invalid)?.0);
        }
        at_most("locals in one function", locals, caps.max_locals.into())?;
        Ok(())
    }

    fn expect_world(&self, world: World) -> Result<String, ModuleError> {
        let fits = |name: &str| {
            let minor = name.strip_prefix(world.interface());
            minor.is_some_and(|minor| minor.starts_with('.'))
        };
        match self.exports.as_slice() {
            [name] if fits(name) => Ok(name.clone()),
            names => {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                Err(world.wrong(shown_exports(&names)))
            }
        }
    }

    /// An interface that only names types is not power; everything else is.
    fn expect_no_imports(&self, types: &Types) -> Result<(), ModuleError> {
        let only_types = |name: &str| {
            let item = types.as_ref().component_item_for_import(name)?;
            let ComponentEntityType::Instance(id) = item.ty else {
                return None;
            };
            let is_type = |ty: &ComponentEntityType| {
                matches!(ty, ComponentEntityType::Type { created, .. }
                    if !matches!(created, ComponentAnyTypeId::Resource(_)))
            };
            types.as_ref()[id]
                .exports
                .values()
                .all(|item| is_type(&item.ty))
                .then_some(())
        };
        match self.imports.iter().find(|name| only_types(name).is_none()) {
            None => Ok(()),
            Some(name) => Err(FileError::UndeclaredImport(shown(name)).into()),
        }
    }
}

fn invalid(error: BinaryReaderError) -> ModuleError {
    // The kind of this error is private to wasmparser.
    if error.message().starts_with("unexpected end") {
        FileError::Truncated.into()
    } else {
        FileError::Malformed(shown(&error.to_string()).into()).into()
    }
}
