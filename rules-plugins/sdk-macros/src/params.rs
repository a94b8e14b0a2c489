//! `#[derive(Params)]`: the fields in order are the parameters of the manifest, their cells in
//! order the values of a batch.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Expr, Field, Fields, GenericArgument, PathArguments, Type};

use crate::args::{Args, doc, title};

pub(crate) fn derive(item: TokenStream) -> syn::Result<TokenStream> {
    let input: DeriveInput = syn::parse2(item)?;
    let name = &input.ident;
    let refuse = || syn::Error::new(name.span(), "parameters are a struct with named fields");
    let Data::Struct(data) = &input.data else {
        return Err(refuse());
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(refuse());
    };

    let (mut infos, mut takes) = (vec![], vec![]);
    for (at, field) in fields.named.iter().enumerate() {
        let Some(ident) = &field.ident else { continue };
        let ty = &field.ty;
        infos.push(info(field)?);
        takes.push(quote_spanned! {ty.span()=>
            #ident: {
                let info = &<Self as ::plancheck_sdk::Params>::INFO[#at];
                <#ty as ::plancheck_sdk::Param>::take(&mut values, info.unit, info.cells.len())?
            }
        });
    }
    Ok(quote! {
        impl ::plancheck_sdk::Params for #name {
            const INFO: &'static [::plancheck_sdk::ParamInfo] = &[#(#infos),*];

            fn read(values: &[f64]) -> ::core::option::Option<Self> {
                let mut values = values;
                let read = #name { #(#takes,)* };
                if values.is_empty() {
                    ::core::option::Option::Some(read)
                } else {
                    ::core::option::Option::None
                }
            }

            fn defaults() -> Self {
                let values = ::plancheck_sdk::params::default_values(
                    <Self as ::plancheck_sdk::Params>::INFO,
                );
                match <Self as ::plancheck_sdk::Params>::read(&values) {
                    ::core::option::Option::Some(read) => read,
                    ::core::option::Option::None => {
                        ::core::unreachable!("the cells are those of the manifest")
                    }
                }
            }
        }
    })
}

/// The parameter as the manifest says it.
fn info(field: &Field) -> syn::Result<TokenStream> {
    let Some(ident) = &field.ident else {
        return Err(syn::Error::new(field.span(), "want a named field"));
    };
    let known = &["default", "table", "unit", "title", "cite", "stricter"];
    let mut args = Args::of(&field.attrs, "param", field.span(), known)?;
    let title = match args.text("title")? {
        Some(title) => title.value(),
        None => title(&doc(&field.attrs)),
    };
    if title.is_empty() {
        let message = "a parameter needs a doc comment: its first line is the title";
        return Err(syn::Error::new(ident.span(), message));
    }
    let cite = args.needed_text("cite", "cite = \"IBC 2024 §1010.1.1\"")?;
    let stricter = match args.expr("stricter")? {
        None => quote! { ::core::option::Option::None },
        Some(word) => match quote!(#word).to_string().as_str() {
            "larger" => quote! { ::core::option::Option::Some(::plancheck_sdk::Stricter::Larger) },
            "smaller" => {
                quote! { ::core::option::Option::Some(::plancheck_sdk::Stricter::Smaller) }
            }
            _ => {
                let message = "want `stricter = larger` (a least width) or `stricter = smaller`";
                return Err(syn::Error::new(word.span(), message));
            }
        },
    };
    let name = ident.to_string();
    let ty = &field.ty;
    let (unit, cells) = if let Some(table) = args.expr("table")? {
        let Some(unit) = args.expr("unit")? else {
            return Err(args.missing("unit", "unit = SquareFootPerPerson"));
        };
        table_cells(ty, &table, &unit)?
    } else if let Some(default) = args.expr("default")? {
        // A limit of another dimension is a type error at the default.
        let limit = quote_spanned! {default.span()=> { const DEFAULT: #ty = #default; DEFAULT } };
        (quote! { #limit.unit() }, quote! { ("", #limit.cell()) })
    } else {
        return Err(args.missing("default", "default = inches(32.0)"));
    };
    Ok(quote! {
        ::plancheck_sdk::ParamInfo {
            name: #name,
            title: #title,
            unit: #unit,
            citation: #cite,
            stricter: #stricter,
            cells: &[#cells],
        }
    })
}

/// `[Business = 150.0, Helipad = not_permitted]` of a `Table<AreaPerPerson, Function>`.
fn table_cells(ty: &Type, table: &Expr, unit: &Expr) -> syn::Result<(TokenStream, TokenStream)> {
    let Some((dimension, key)) = table_types(ty) else {
        let message = "`table` is for `Table<dimension, key>`; a single number has a `default`";
        return Err(syn::Error::new_spanned(ty, message));
    };
    let Expr::Array(array) = table else {
        return Err(syn::Error::new_spanned(
            table,
            "want `table = [Key = number, …]`",
        ));
    };
    let (mut cells, mut places) = (vec![], vec![]);
    for cell in &array.elems {
        let Expr::Assign(assign) = cell else {
            let message = "want `Key = number` or `Key = not_permitted`";
            return Err(syn::Error::new_spanned(cell, message));
        };
        let variant = &assign.left;
        let forbidden = matches!(&*assign.right, Expr::Path(p) if p.path.is_ident("not_permitted"));
        let value = if forbidden {
            quote! { ::core::option::Option::None }
        } else {
            let number = &assign.right;
            quote! { ::core::option::Option::Some(#number) }
        };
        cells.push(quote! { (#key::#variant.text(), #value) });
        places.push(quote! { #key::#variant as usize });
    }
    let unit = quote_spanned! {table.span()=>
        ::plancheck_sdk::params::check_table::<#dimension, #key>(
            ::plancheck_sdk::Unit::#unit,
            &[#(#places),*],
        )
    };
    Ok((unit, quote! { #(#cells),* }))
}

fn table_types(ty: &Type) -> Option<(&GenericArgument, &GenericArgument)> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(list) = &last.arguments else {
        return None;
    };
    let mut types = list.args.iter();
    let found = (types.next()?, types.next()?);
    (last.ident == "Table").then_some(found)
}
