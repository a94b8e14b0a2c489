//! Bundles: modules travel in one file, with their signatures, byte for byte; whatever else a file is,
//! it is refused under a name.

mod cli_support;

use std::fs;
use std::path::Path;

use bytes::Bytes;
use cli_support::{code, complete, err, out, plancheck, run};
use plancheck_host::bundle::{self, Part};
use plancheck_host::runtime::embedded_modules;
use tar::{Builder, EntryType, Header};

fn say(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let done = run(plancheck().args(arguments).current_dir(folder));
    (code(&done), format!("{}{}", out(&done), err(&done)))
}

fn part(name: &str, bytes: &[u8], signature: Option<&str>) -> Part {
    Part {
        name: name.to_owned(),
        bytes: Bytes::copy_from_slice(bytes),
        signature: signature.map(str::to_owned),
    }
}

fn two() -> Vec<Part> {
    vec![
        part("b.wasm", b"second", None),
        part("a.wasm", b"first", Some("signed")),
    ]
}

fn refused(bytes: &[u8]) -> String {
    let error = bundle::read(&Bytes::copy_from_slice(bytes)).unwrap_err();
    assert!(error.to_string().len() < 500, "{error}");
    error.code().to_owned()
}

/// An archive of these entries, as any program could write it.
fn archive(entries: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
    let mut archive = Builder::new(Vec::new());
    for (name, kind, bytes) in entries {
        let mut header = Header::new_ustar();
        // `set_path` refuses what is tried here.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_entry_type(*kind);
        header.set_cksum();
        archive.append(&header, *bytes).unwrap();
    }
    archive.into_inner().unwrap()
}

#[test]
fn equal_modules_make_equal_bytes_and_come_out_as_they_went_in() {
    let mut parts = two();
    let bytes = bundle::write(&parts).unwrap();
    parts.reverse();
    assert_eq!(bytes, bundle::write(&parts).unwrap());
    // Pinned: another release writes the same.
    let digest = blake3::hash(&bytes).to_hex();
    insta::assert_snapshot!(&digest[..16]);
    assert_eq!(bundle::read(&bytes.into()).unwrap(), parts);
}

#[test]
fn what_makes_no_bundle_is_refused() {
    let twice = [part("a.wasm", b"1", None), part("a.wasm", b"2", None)];
    assert_eq!(bundle::write(&twice).unwrap_err().code(), "bundle-entry");
    for name in [
        "",
        "../a.wasm",
        "a/b.wasm",
        "/a.wasm",
        ".wasm",
        "a.txt",
        "a b.wasm",
        "ä.wasm",
    ] {
        let error = bundle::write(&[part(name, b"1", None)]).unwrap_err();
        assert_eq!(error.code(), "bundle-entry", "{name}");
    }
    let large = [part("a.wasm", &vec![0; (4 << 20) + 1], None)];
    assert_eq!(
        bundle::write(&large).unwrap_err().code(),
        "bundle-too-large"
    );
}

#[test]
fn each_change_of_a_bundle_is_noticed() {
    let good = bundle::write(&two()).unwrap();
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        assert!(bundle::read(&bytes.into()).is_err(), "byte {at}");
    }
    for length in 0..good.len() {
        let cut = Bytes::copy_from_slice(&good[..length]);
        assert!(bundle::read(&cut).is_err(), "cut at {length}");
    }
    let mut longer = good.clone();
    longer.extend([0; 512]);
    assert_eq!(refused(&longer), "bundle-changed");
    longer.extend(b"more");
    assert_eq!(refused(&longer), "bundle-changed");
}

#[test]
fn hostile_archives_are_refused_by_name() {
    let file = EntryType::Regular;
    let index = br#"{"format":"plancheck-bundle/1","modules":[]}"#;
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("nothing", Vec::new(), "bundle-index"),
        ("no archive", vec![7; 2048], "bundle-broken"),
        (
            "a way out",
            archive(&[("../../x.wasm", file, b"1")]),
            "bundle-entry",
        ),
        (
            "a root",
            archive(&[("/etc/x.wasm", file, b"1")]),
            "bundle-entry",
        ),
        (
            "a folder",
            archive(&[("x", EntryType::Directory, b"")]),
            "bundle-entry",
        ),
        (
            "a link",
            archive(&[("x.wasm", EntryType::Symlink, b"")]),
            "bundle-entry",
        ),
        (
            "a hard link",
            archive(&[("x.wasm", EntryType::Link, b"")]),
            "bundle-entry",
        ),
        (
            "a device",
            archive(&[("x.wasm", EntryType::Char, b"")]),
            "bundle-entry",
        ),
        (
            "a pipe",
            archive(&[("x.wasm", EntryType::Fifo, b"")]),
            "bundle-entry",
        ),
        (
            "holes",
            archive(&[("x.wasm", EntryType::GNUSparse, b"")]),
            "bundle-entry",
        ),
        (
            "another name",
            archive(&[("x", EntryType::GNULongName, b"y.wasm\0")]),
            "bundle-entry",
        ),
        (
            "other sizes",
            archive(&[("x", EntryType::XHeader, b"12 size=1\n")]),
            "bundle-entry",
        ),
        (
            "twice",
            archive(&[("a.wasm", file, b"1"), ("a.wasm", file, b"2")]),
            "bundle-entry",
        ),
        (
            "a stranger",
            archive(&[("index.json", file, index), ("x", file, b"1")]),
            "bundle-entry",
        ),
        (
            "no index",
            archive(&[("a.wasm", file, b"1")]),
            "bundle-index",
        ),
        (
            "index of another",
            archive(&[("index.json", file, b"{}")]),
            "bundle-index",
        ),
        (
            "a later format",
            archive(&[(
                "index.json",
                file,
                br#"{"format":"plancheck-bundle/2","modules":[]}"#,
            )]),
            "bundle-index",
        ),
        (
            "not as we write it",
            archive(&[("index.json", file, index)]),
            "bundle-changed",
        ),
    ];
    for (what, bytes, code) in cases {
        assert_eq!(refused(&bytes), code, "{what}");
    }
    // An index that names what is not there, and what is there otherwise.
    let lie = br#"{"format":"plancheck-bundle/1","modules":[{"file":"a.wasm","bytes":1,"blake3":"00","signature":null}]}"#;
    assert_eq!(
        refused(&archive(&[("index.json", file, lie)])),
        "bundle-index"
    );
    let both: &[(&str, EntryType, &[u8])] = &[("index.json", file, lie), ("a.wasm", file, b"1")];
    assert_eq!(refused(&archive(both)), "bundle-index");
    // A size that nobody has: refused by what the header says, before anything is read.
    let mut huge = archive(&[("a.wasm", file, b"1")]);
    let mut header = Header::from_byte_slice(&huge[..512]).clone();
    header.set_size(1 << 40);
    header.set_cksum();
    huge[..512].copy_from_slice(header.as_bytes());
    assert_eq!(refused(&huge), "bundle-too-large");
    header.set_size(1 << 20);
    header.set_cksum();
    huge[..512].copy_from_slice(header.as_bytes());
    assert_eq!(refused(&huge), "bundle-broken");
}

#[test]
fn a_bundle_is_taken_wherever_a_module_is() {
    if !complete("a_bundle_is_taken_wherever_a_module_is") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::create_dir(at.join("modules")).unwrap();
    for (name, bytes) in embedded_modules() {
        fs::write(at.join(format!("modules/{name}.wasm")), bytes).unwrap();
    }
    let names: Vec<String> = embedded_modules()
        .iter()
        .map(|(name, _)| format!("modules/{name}.wasm"))
        .collect();
    assert_eq!(say(at, &["module", "keygen", "city"]).0, 0);
    let mut sign = vec!["module", "sign", "--key", "city.key"];
    sign.extend(names.iter().map(String::as_str));
    assert_eq!(say(at, &sign).0, 0);
    let (code, said) = say(at, &["module", "bundle", "modules", "-o", "codes.tar"]);
    assert!(code == 2 && said.contains(".plancheck-bundle"), "{said}");
    let make = [
        "module",
        "bundle",
        "modules",
        "-o",
        "codes.plancheck-bundle",
    ];
    let (code, said) = say(at, &make);
    assert!(
        code == 0 && said.contains("Wrote codes.plancheck-bundle"),
        "{said}"
    );
    assert!(!said.contains("NOT SIGNED"), "{said}");
    let first = fs::read(at.join("codes.plancheck-bundle")).unwrap();
    assert_eq!(say(at, &make).0, 0);
    assert_eq!(first, fs::read(at.join("codes.plancheck-bundle")).unwrap());

    // The same rules from folder, file and folder of files, held against the same key.
    let rules = |more: &[&str]| {
        let mut arguments = vec!["rules", "--no-builtin", "--trusted-key", "city.pub"];
        arguments.extend(more);
        say(at, &arguments)
    };
    let plain = rules(&["--modules-dir", "modules"]);
    assert_eq!(plain.0, 0, "{}", plain.1);
    assert_eq!(rules(&["--module", "codes.plancheck-bundle"]), plain);
    assert_eq!(rules(&["--modules-dir", "."]), plain);
    assert_eq!(say(at, &["module", "keygen", "other"]).0, 0);
    let stranger = [
        "rules",
        "--no-builtin",
        "--trusted-key",
        "other.pub",
        "--modules-dir",
        ".",
    ];
    let (code, said) = say(at, &stranger);
    assert!(code != 0 && said.contains("key-unknown"), "{said}");
    let check = [
        "serve",
        "--check-config",
        "--no-builtin",
        "--trusted-key",
        "city.pub",
        "--modules-dir",
        ".",
        "--data-dir",
        "data",
    ];
    let (code, said) = say(at, &check);
    assert!(code == 0 && said.contains("us-"), "{said}");

    // And out again, byte for byte, over nothing.
    let (code, listed) = say(at, &["module", "unbundle", "codes.plancheck-bundle"]);
    assert_eq!(code, 0, "{listed}");
    let take = [
        "module",
        "unbundle",
        "codes.plancheck-bundle",
        "-o",
        "taken",
    ];
    assert_eq!(say(at, &take).0, 0);
    for name in &names {
        let name = name.trim_start_matches("modules/");
        assert!(listed.contains(name), "{listed}");
        for end in ["", ".minisig"] {
            let read = |folder: &str| fs::read(at.join(format!("{folder}/{name}{end}"))).unwrap();
            assert_eq!(read("modules"), read("taken"), "{name}{end}");
        }
    }
    let (code, said) = say(at, &take);
    assert!(code == 2 && said.contains("taken"), "{said}");

    // A broken one says what it is, and no rule of it passes.
    fs::write(at.join("codes.plancheck-bundle"), &first[..first.len() / 2]).unwrap();
    let (code, said) = rules(&["--modules-dir", "."]);
    assert!(code != 0 && said.contains("bundle-"), "{said}");
}
