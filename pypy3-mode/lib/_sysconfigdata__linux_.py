# What sysconfig knows of the build: nothing was configured by a makefile, and no extension modules in C can be built against it.

build_time_vars = {
    "EXT_SUFFIX": ".txpy.so",
    "SOABI": "txpy",
    "Py_DEBUG": 0,
    "Py_GIL_DISABLED": 0,
    "WITH_PYMALLOC": 0,
    "HAVE_FORK": 1,
    "CONFIG_ARGS": "",
    "CFLAGS": "",
    "PY_CFLAGS": "",
    "PY_CORE_CFLAGS": "",
    "LDFLAGS": "",
}
