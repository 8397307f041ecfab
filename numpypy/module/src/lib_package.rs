//! `numpy.lib`: a package whose modules have what the package itself has under the same names, `stride_tricks` and `index_tricks`.

use crate::api::*;
use crate::strided;

macro_rules! modules {
    ($($id:ident $name:literal [$($text:literal)*];)*) => {
        $(static $id: ModuleDef = ModuleDef { name: concat!("numpy.lib.", $name), doc: "Names of numpy that stood here.", init: Some(|th, m| crate::compat::shared(th, m, &[$($text),*])), ..ModuleDef::DEFAULT };)*
        /// The modules that share all their names with the package.
        const SHARED: &[&ModuleDef] = &[$(&$id),*];
    };
}
modules! {
    ARRAYSETOPS "arraysetops" ["ediff1d" "intersect1d" "setxor1d" "union1d" "setdiff1d" "unique" "in1d" "isin"];
    FUNCTION_BASE "function_base" [
        "select" "piecewise" "trim_zeros" "copy" "iterable" "percentile" "diff" "gradient" "angle" "unwrap" "sort_complex" "disp" "flip" "rot90" "extract" "place" "vectorize" "asarray_chkfinite" "average"
        "bincount" "digitize" "cov" "corrcoef" "median" "sinc" "hamming" "hanning" "bartlett" "blackman" "kaiser" "trapz" "i0" "add_newdoc" "meshgrid" "delete" "insert" "append" "interp" "quantile"
    ];
    HISTOGRAMS "histograms" ["histogram" "histogramdd" "histogram_bin_edges"];
    SHAPE_BASE "shape_base" [
        "column_stack" "row_stack" "dstack" "array_split" "split" "hsplit" "vsplit" "dsplit" "apply_over_axes" "expand_dims" "apply_along_axis" "kron" "tile" "take_along_axis" "put_along_axis"
    ];
    TWODIM_BASE "twodim_base" [
        "diag" "diagflat" "eye" "fliplr" "flipud" "tri" "triu" "tril" "vander" "histogram2d" "mask_indices" "tril_indices" "tril_indices_from" "triu_indices" "triu_indices_from"
    ];
    TYPE_CHECK "type_check" [
        "iscomplexobj" "isrealobj" "imag" "iscomplex" "isreal" "nan_to_num" "real" "real_if_close" "typename" "mintypecode" "common_type"
    ];
}
static STRIDE_TRICKS: ModuleDef = ModuleDef {
    name: "numpy.lib.stride_tricks", doc: "Views with strides of their own.", functions: strided::FUNCTIONS, init: Some(|th, m| crate::run_python(th, m, "stride_tricks.py")), ..ModuleDef::DEFAULT
};
static INDEX_TRICKS: ModuleDef = ModuleDef {
    name: "numpy.lib.index_tricks", doc: "Index arithmetic, arrays by subscription.", init: Some(|th, m| crate::run_python(th, m, "index_tricks.py")), ..ModuleDef::DEFAULT
};
/// What the package itself has from there.
pub const FROM_INDEX_TRICKS: &[&str] = &[
    "ravel_multi_index", "unravel_index", "mgrid", "ogrid", "r_", "c_", "s_", "index_exp", "ix_", "ndenumerate", "ndindex", "fill_diagonal", "diag_indices", "diag_indices_from",
];
static PACKAGE: ModuleDef = ModuleDef { name: "numpy.lib", doc: "Parts of numpy under their old names.", init: Some(package), ..ModuleDef::DEFAULT };

pub fn register() {
    txpy_vm::import::register(&[&PACKAGE, &STRIDE_TRICKS, &INDEX_TRICKS]);
    txpy_vm::import::register(SHARED);
}
/// Its modules are there without an import of their own.
fn package(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    let path = list::with_capacity(th, 0)?;
    module::set(th, m, "__path__", path.value())?;
    // Its modules import it.
    dict::set_str(th, txpy_vm::import::modules(), "numpy.lib", m.value())?;
    for d in SHARED.iter().copied().chain([&STRIDE_TRICKS, &INDEX_TRICKS]) {
        let part = txpy_vm::import::import_name(th, d.name)?;
        module::set(th, m, d.name.rsplit('.').next().unwrap_or(d.name), part)?;
    }
    Ok(())
}
