/* The optional extension module: buffers in, numbers out, without the interpreter's lock while computing. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "spectral.h"

static int view_of(PyObject *object, Py_buffer *view, const char *format, int writable)
{
  if (PyObject_GetBuffer(object, view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | (writable ? PyBUF_WRITABLE : 0))) return -1;
  if (!view->format || view->format[0] != format[0]) {
    PyBuffer_Release(view);
    PyErr_Format(PyExc_ValueError, "a contiguous array of format %s is needed", format);
    return -1;
  }
  return 0;
}

static void release(Py_buffer *views, int n)
{
  while (n > 0) PyBuffer_Release(views + --n);
}

/* Get n buffers; a capital format is one that is written. */
static int views_of(PyObject *const *args, Py_buffer *views, const char *formats, int n)
{
  for (int k = 0; k < n; k++) {
    const char format[2] = {formats[k] == 'D' ? 'd' : formats[k], 0};
    if (view_of(args[k], views + k, format, formats[k] == 'D')) {
      release(views, k);
      return -1;
    }
  }
  return 0;
}

static PyObject *plan_length(PyObject *self, PyObject *code)
{
  (void)self;
  Py_buffer view;
  if (views_of(&code, &view, "i", 1)) return NULL;
  const size_t length = renp_length_of_plan(view.buf);
  PyBuffer_Release(&view);
  return PyLong_FromSize_t(length);
}

/* prepare(code, constants, numbers, plan) */
static PyObject *prepare(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
  (void)self;
  Py_buffer v[4];
  if (n != 4) return PyErr_Format(PyExc_TypeError, "prepare() takes a program, its constants, numbers and room for a plan");
  if (views_of(args, v, "iddD", 4)) return NULL;
  int status = 2;
  if ((size_t)v[3].len / sizeof(double) == renp_length_of_plan(v[0].buf)) status = renp_fold(v[0].buf, v[1].buf, v[2].buf, v[3].buf);
  release(v, 4);
  if (status == 2) return PyErr_Format(PyExc_ValueError, "the room for the plan has another length");
  if (status) return PyErr_NoMemory();
  Py_RETURN_NONE;
}

static int plan_of(PyObject *object, Py_buffer *view)
{
  if (PyObject_GetBuffer(object, view, PyBUF_SIMPLE)) return -1;
  if (view->len % (Py_ssize_t)sizeof(double) || ((size_t)view->buf) % sizeof(double) ||
      renp_check_plan(view->buf, (size_t)view->len / sizeof(double))) {
    PyBuffer_Release(view);
    PyErr_SetString(PyExc_ValueError, "not a plan made by prepare()");
    return -1;
  }
  return 0;
}

/* one(plan, omega) -> float, or None when omega or the result is not allowed */
static PyObject *one(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
  (void)self;
  Py_buffer plan;
  if (n != 2) return PyErr_Format(PyExc_TypeError, "one() takes a plan and a photon energy");
  const double omega = PyFloat_AsDouble(args[1]);
  if (omega == -1.0 && PyErr_Occurred()) return NULL;
  if (plan_of(args[0], &plan)) return NULL;
  double result;
  const ptrdiff_t status = renp_evaluate(plan.buf, 1, &omega, &result);
  PyBuffer_Release(&plan);
  if (status) Py_RETURN_NONE;
  return PyFloat_FromDouble(result);
}

/* many(plan, omega, out) -> 0, k > 0: omega[k-1] not allowed, k < 0: result [-k-1] not finite */
static PyObject *many(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
  (void)self;
  Py_buffer plan, v[2];
  if (n != 3) return PyErr_Format(PyExc_TypeError, "many() takes a plan, photon energies and room for results");
  if (plan_of(args[0], &plan)) return NULL;
  PyObject *answer = NULL;
  if (!views_of(args + 1, v, "dD", 2)) {
    if (v[0].len != v[1].len) {
      PyErr_SetString(PyExc_ValueError, "photon energies and results must have the same length");
    } else {
      ptrdiff_t status;
      Py_BEGIN_ALLOW_THREADS
      status = renp_evaluate(plan.buf, (size_t)v[0].len / sizeof(double), v[0].buf, v[1].buf);
      Py_END_ALLOW_THREADS
      answer = PyLong_FromSsize_t(status);
    }
    release(v, 2);
  }
  PyBuffer_Release(&plan);
  return answer;
}

/* batch(code, constants, numbers, omega, out, first, end): sets `first` to `end` of the columns of numbers */
static PyObject *batch(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
  (void)self;
  Py_buffer v[5];
  if (n != 7) return PyErr_Format(PyExc_TypeError, "batch() takes a program, constants, numbers, omega, out, first, end");
  const Py_ssize_t first = PyLong_AsSsize_t(args[5]), end = PyLong_AsSsize_t(args[6]);
  if (PyErr_Occurred() || views_of(args, v, "idddD", 5)) return NULL;
  const size_t energies = (size_t)v[3].len / sizeof(double), results = (size_t)v[4].len / sizeof(double);
  const size_t sets = energies ? results / energies : 0, rows = (size_t)((const int *)v[0].buf)[16];
  int status = 2;
  if (energies * sets == results && rows * sets * sizeof(double) == (size_t)v[2].len && first >= 0 && first <= end &&
      (size_t)end <= sets) {
    Py_BEGIN_ALLOW_THREADS
    status = renp_batch(v[0].buf, v[1].buf, sets, v[2].buf, (size_t)first, (size_t)end, energies, v[3].buf, v[4].buf);
    Py_END_ALLOW_THREADS
  }
  release(v, 5);
  if (status == 2) return PyErr_Format(PyExc_ValueError, "the arrays of a batch have other lengths");
  if (status) return PyErr_NoMemory();
  Py_RETURN_NONE;
}

/* gradients(code, constants, numbers, omega, weight or None, out, out_omega, first, end) */
static PyObject *gradients(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
  (void)self;
  Py_buffer v[7];
  if (n != 9) return PyErr_Format(PyExc_TypeError, "gradients() takes a program, constants, numbers, omega, weight, two outs, first, end");
  const Py_ssize_t first = PyLong_AsSsize_t(args[7]), end = PyLong_AsSsize_t(args[8]);
  const int weighted = args[4] != Py_None;
  PyObject *const arrays[7] = {args[0], args[1], args[2], args[3], weighted ? args[4] : args[3], args[5], args[6]};
  if (PyErr_Occurred() || views_of(arrays, v, "iddddDD", 7)) return NULL;
  const size_t rows = (size_t)((const int *)v[0].buf)[16], sets = rows ? (size_t)v[2].len / sizeof(double) / rows : 0;
  const size_t energies = sets ? (size_t)v[3].len / sizeof(double) / sets : 0, sums = weighted ? 1 : energies;
  int status = 2;
  if (sets * rows * sizeof(double) == (size_t)v[2].len && sets * energies * sizeof(double) == (size_t)v[3].len &&
      v[3].len == v[4].len && v[3].len == v[6].len && sets * sums * rows * sizeof(double) == (size_t)v[5].len && first >= 0 &&
      first <= end && (size_t)end <= sets) {
    Py_BEGIN_ALLOW_THREADS
    status = renp_gradients(v[0].buf, v[1].buf, sets, v[2].buf, (size_t)first, (size_t)end, energies, v[3].buf,
                            weighted ? v[4].buf : NULL, v[5].buf, v[6].buf);
    Py_END_ALLOW_THREADS
  }
  release(v, 7);
  if (status == 2) return PyErr_Format(PyExc_ValueError, "the arrays of derivatives have other lengths");
  if (status) return PyErr_NoMemory();
  Py_RETURN_NONE;
}

static PyObject *instruction_set(PyObject *self, PyObject *unused)
{
  (void)self;
  (void)unused;
  return PyUnicode_FromString(renp_instruction_set());
}

static PyObject *layout(PyObject *self, PyObject *unused)
{
  (void)self;
  (void)unused;
  return PyUnicode_FromString(renp_layout());
}

#define FAST(f) (PyCFunction)(void (*)(void))f, METH_FASTCALL
static PyMethodDef methods[] = {
    {"plan_length", plan_length, METH_O, "plan_length(code) -> doubles of a plan"},
    {"prepare", FAST(prepare), "prepare(code, constants, numbers, plan): fold one set of numbers"},
    {"one", FAST(one), "one(plan, omega) -> float, or None when not allowed"},
    {"many", FAST(many), "many(plan, omega, out) -> status"},
    {"batch", FAST(batch), "batch(code, constants, numbers, omega, out, first, end): parameter sets"},
    {"gradients", FAST(gradients), "gradients(code, constants, numbers, omega, weight, out, out_omega, first, end): derivatives"},
    {"instruction_set", instruction_set, METH_NOARGS, "the instruction set that run-time dispatch chose"},
    {"layout", layout, METH_NOARGS, "fingerprint of the layout of programs and plans"},
    {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_compiled", "Compiled evaluation of programs.", 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__compiled(void) { return PyModule_Create(&definition); }
