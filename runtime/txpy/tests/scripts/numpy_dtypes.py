# Dtypes, byte orders, text, functions and numpy.testing.
# stress: 64
import numpy as np
from numpy.testing import *
def fails(f,*a,**k):
    try: f(*a,**k)
    except AssertionError: return
    print('NOT RAISED',f,a)
assert_equal(np.arange(3),[0,1,2]); fails(assert_equal,np.arange(3),[0,1,3]); assert_equal({'a':[1,2.0]},{'a':[1,2.0]})
assert_array_equal([1,np.nan],[1,np.nan]); fails(assert_array_equal,[1,np.nan],[np.nan,1]); fails(assert_array_equal,[1,2],[1,2,3])
assert_allclose([1,2],[1,2+1e-9]); fails(assert_allclose,[1,2],[1,2.1]); assert_almost_equal(1.0,1.00000001); fails(assert_almost_equal,1.0,1.01)
assert_array_almost_equal([1.0,np.inf],[1.0000001,np.inf]); assert_raises(ValueError,int,'x')
with assert_raises(ZeroDivisionError): 1//0
fails(assert_raises,ValueError,int,'3'); fails(assert_equal,0.0,-0.0); assert_array_less([1,2],[2,3])
assert_equal(np.array(['a','b']),np.array(['a','b'])); assert_(True)
a=np.arange(6.)
assert_equal(np.einsum('ij,jk->ik',a.reshape(2,3),a.reshape(3,2)), a.reshape(2,3).dot(a.reshape(3,2)))
assert_equal(np.einsum('ii',np.eye(3)),3.0); assert_allclose(np.percentile(a,[25,50]),[1.25,2.5])
assert_equal(np.bincount([1,1,3]),[0,2,0,1]); assert_equal(np.histogram(a,3)[0],[2,2,2])
assert_equal(np.tensordot(a.reshape(2,3),a.reshape(3,2),1),a.reshape(2,3).dot(a.reshape(3,2)))
assert_equal(np.choose([0,1,0],[[1,2,3],[4,5,6]]),[1,5,3]); assert_equal(a.repeat(2)[:4],[0,0,1,1]); assert_equal(np.float32(3)[()] if 0 else 1,1)
print('done')  # expect: done
for kind in ['i1', '>u4', 'f2', 'f4', 'c8', '>c16', 'S3', 'U3', '?']:
    x = np.arange(6).astype(kind).reshape(2, 3)
    if x.dtype.kind in 'iufSU':
        assert x.astype('U8').astype(kind).tolist() == x.tolist()
    f, args, state = x.__reduce__()
    y = f(*args)
    y.__setstate__(state)
    assert (x == y).all() and y.dtype == x.dtype.newbyteorder('='), kind
print("%s %s %s" % ((np.array([200], 'u1') + np.array([100], 'u1')).tolist(), (np.arange(3, dtype='i1') + 300).dtype, np.promote_types('f4', 'i4')))  # expect: [44] int16 float64
import pickle
for x in [np.arange(6).reshape(2, 3), np.arange(6.0).reshape(2, 3).T, np.arange(6)[::2], np.array(['a', 'bc'])]:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        y = pickle.loads(pickle.dumps(x, protocol))
        assert (x == y).all() and y.dtype == x.dtype, protocol
    if pickle.HIGHEST_PROTOCOL >= 5:
        kept = []
        y = pickle.loads(pickle.dumps(x, 5, buffer_callback=kept.append), buffers=kept)
        assert (x == y).all() and y.dtype == x.dtype and len(kept) == (x.flags.c_contiguous or x.flags.f_contiguous)
assert np.ones(2, 'S3').tolist() == [b'1', b'1'] and np.ones_like(np.array(['ab'])).tolist() == ['1'] and np.eye(2, dtype='U2').tolist() == [[u'1', u''], [u'', u'1']]
