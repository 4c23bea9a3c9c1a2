"""PDFium's functions by their addresses, called with plain integers.

The bindings' own types cost three times as much, and pages are made of such calls: three a word, two an object.
Pointers are integers here; 0 is none.
"""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdfium

POINTER, INT = ctypes.c_void_p, ctypes.c_int


def address_of(item: Any) -> int:
    """The address behind a pointer of the bindings, which make a new one to the same object each time."""
    return ctypes.cast(item, POINTER).value or 0


def _function(function: Any, result: Any, *arguments: Any) -> Any:
    return ctypes.CFUNCTYPE(result, *arguments)(address_of(function))


char_box = _function(pdfium.FPDFText_GetCharBox, INT, POINTER, INT, POINTER, POINTER, POINTER, POINTER)
char_origin = _function(pdfium.FPDFText_GetCharOrigin, INT, POINTER, INT, POINTER, POINTER)
char_object = _function(pdfium.FPDFText_GetTextObject, POINTER, POINTER, INT)
char_size = _function(pdfium.FPDFText_GetFontSize, ctypes.c_double, POINTER, INT)
content_of = _function(pdfium.FPDFPageObj_GetMarkedContentID, INT, POINTER)
object_at = _function(pdfium.FPDFPage_GetObject, POINTER, POINTER, INT)
type_of = _function(pdfium.FPDFPageObj_GetType, INT, POINTER)
font_of = _function(pdfium.FPDFTextObj_GetFont, POINTER, POINTER)
bounds_of = _function(pdfium.FPDFPageObj_GetBounds, INT, POINTER, POINTER, POINTER, POINTER, POINTER)
count_marks = _function(pdfium.FPDFPageObj_CountMarks, INT, POINTER)
mark_at = _function(pdfium.FPDFPageObj_GetMark, POINTER, POINTER, INT)
text_of_mark = _function(
    pdfium.FPDFPageObjMark_GetParamStringValue, INT, POINTER, ctypes.c_char_p, POINTER, ctypes.c_ulong, POINTER
)
count_parts = _function(pdfium.FPDF_StructElement_CountChildren, INT, POINTER)
part_at = _function(pdfium.FPDF_StructElement_GetChildAtIndex, POINTER, POINTER, INT)
content_at = _function(pdfium.FPDF_StructElement_GetChildMarkedContentID, INT, POINTER, INT)
kind_of = _function(pdfium.FPDF_StructElement_GetType, ctypes.c_ulong, POINTER, POINTER, ctypes.c_ulong)
alternative_of = _function(pdfium.FPDF_StructElement_GetAltText, ctypes.c_ulong, POINTER, POINTER, ctypes.c_ulong)
