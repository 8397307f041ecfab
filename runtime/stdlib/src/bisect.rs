//! `_bisect`: binary search in sorted sequences.

use crate::api::*;

pub static MODULE: ModuleDef = ModuleDef { name: "_bisect", doc: "Bisection algorithms.", functions: FUNCTIONS, init: Some(init), ..ModuleDef::DEFAULT };

static FUNCTIONS: &[NativeDef] = natives! {
    #[py3] "bisect_right(a, x, lo=0, hi=None, *, key=None)" = |th, a| { let i = search(th, a, true)?; int::from_i64(th, i) }, "Return the index where to insert item x in list a, assuming a is sorted.";
    #[py3] "bisect_left(a, x, lo=0, hi=None, *, key=None)" = |th, a| { let i = search(th, a, false)?; int::from_i64(th, i) }, "Return the index where to insert item x in list a, assuming a is sorted.";
    #[py3] "insort_right(a, x, lo=0, hi=None, *, key=None)" = |th, a| insort(th, a, true), "Insert item x in list a, and keep it sorted assuming a is sorted.";
    #[py3] "insort_left(a, x, lo=0, hi=None, *, key=None)" = |th, a| insort(th, a, false), "Insert item x in list a, and keep it sorted assuming a is sorted.";
    #[py2] "bisect_right(a, x, lo=0, hi=None)" = |th, a| { let i = search(th, a, true)?; int::from_i64(th, i) }, "Return the index where to insert item x in list a, assuming a is sorted.";
    #[py2] "bisect_left(a, x, lo=0, hi=None)" = |th, a| { let i = search(th, a, false)?; int::from_i64(th, i) }, "Return the index where to insert item x in list a, assuming a is sorted.";
    #[py2] "insort_right(a, x, lo=0, hi=None)" = |th, a| insort(th, a, true), "Insert item x in list a, and keep it sorted assuming a is sorted.";
    #[py2] "insort_left(a, x, lo=0, hi=None)" = |th, a| insort(th, a, false), "Insert item x in list a, and keep it sorted assuming a is sorted.";
};

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    if !th.py3() {
        for (alias, name) in [("bisect", "bisect_right"), ("insort", "insort_right")] {
            if let Some(f) = dict::get_str(th, m.frozen().dict, name)? {
                module::set(th, m, alias, f)?;
            }
        }
    }
    Ok(())
}

fn search(th: &mut Thread, a: Args, right: bool) -> R<i64> {
    let key = a.some(4);
    search_for(th, a, a.get(1), key, right)
}
fn search_for(th: &mut Thread, a: Args, x: Value, key: Option<Value>, right: bool) -> R<i64> {
    let seq = a.get(0);
    let mut lo = match a.opt(2) {
        Some(v) => txpy_vm::types::sequence::ssize(th, v)?,
        None => 0,
    };
    if lo < 0 {
        return Err(th.value_error("lo must be non-negative"));
    }
    let mut hi = match a.some(3) {
        Some(v) => txpy_vm::types::sequence::ssize(th, v)?,
        None => -1,
    };
    if hi < 0 {
        hi = item::len(th, seq)? as i64;
    }
    while lo < hi {
        th.poll()?;
        let mid = lo + (hi - lo) / 2;
        let i = int::from_i64(th, mid)?;
        let mut y = item::get(th, seq, i)?;
        if let Some(k) = key {
            y = th.call(k, &[y])?;
        }
        let before = if right { !compare_bool(th, Cmp::Lt, x, y)? } else { compare_bool(th, Cmp::Lt, y, x)? };
        if before { lo = mid + 1 } else { hi = mid }
    }
    Ok(lo)
}
fn insort(th: &mut Thread, a: Args, right: bool) -> R<Value> {
    let key = a.some(4);
    let x = match key {
        Some(k) => th.call(k, &[a.get(1)])?,
        None => a.get(1),
    };
    let at = search_for(th, a, x, key, right)?;
    match a.get(0).cast::<List>().filter(|_| list::LIST.is_exact(a.get(0))) {
        Some(l) => txpy_vm::types::list_slices::insert(th, l, at, a.get(1))?,
        None => {
            let at = int::from_i64(th, at)?;
            th.call_method(a.get(0), "insert", &[at, a.get(1)])?;
        }
    }
    Ok(Value::NONE)
}
