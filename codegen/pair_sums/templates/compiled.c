/* The optional extension module: buffers in, numbers out, without the interpreter's lock while computing. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "spectral.h"

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
  Py_buffer plan, omega, out;
  if (n != 3) return PyErr_Format(PyExc_TypeError, "many() takes a plan, photon energies and room for results");
  if (plan_of(args[0], &plan)) return NULL;
  PyObject *answer = NULL;
  if (PyObject_GetBuffer(args[1], &omega, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)) goto no_omega;
  if (PyObject_GetBuffer(args[2], &out, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | PyBUF_WRITABLE)) goto no_out;
  if (omega.len != out.len || !omega.format || omega.format[0] != 'd' || !out.format || out.format[0] != 'd') {
    PyErr_SetString(PyExc_ValueError, "photon energies and results must be contiguous float64 of the same length");
  } else {
    ptrdiff_t status;
    Py_BEGIN_ALLOW_THREADS
    status = renp_evaluate(plan.buf, (size_t)omega.len / sizeof(double), omega.buf, out.buf);
    Py_END_ALLOW_THREADS
    answer = PyLong_FromSsize_t(status);
  }
  PyBuffer_Release(&out);
no_out:
  PyBuffer_Release(&omega);
no_omega:
  PyBuffer_Release(&plan);
  return answer;
}

static PyObject *instruction_set(PyObject *self, PyObject *unused)
{
  (void)self;
  (void)unused;
  return PyUnicode_FromString(renp_instruction_set());
}

static PyObject *fingerprints(PyObject *self, PyObject *unused)
{
  (void)self;
  (void)unused;
  return Py_BuildValue("(ss)", renp_layout(), renp_sets());
}

static PyMethodDef methods[] = {
    {"one", (PyCFunction)(void (*)(void))one, METH_FASTCALL, "one(plan, omega) -> float, or None when not allowed"},
    {"many", (PyCFunction)(void (*)(void))many, METH_FASTCALL, "many(plan, omega, out) -> status"},
    {"instruction_set", instruction_set, METH_NOARGS, "the instruction set that run-time dispatch chose"},
    {"fingerprints", fingerprints, METH_NOARGS, "fingerprints of the layout and of the straight-line sets"},
    {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_compiled", "Compiled evaluation of prepared plans.", 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__compiled(void) { return PyModule_Create(&definition); }
