"""Substances that questions in chemistry are about, with masses in u or g/mol."""

from __future__ import annotations

from fractions import Fraction

SOLUTES = (("salt", "नमक"), ("sugar", "चीनी"), ("urea", "यूरिया"), ("washing soda", "धोने का सोडा"))
MOLAR_MASSES = (
    ("H_2O", 18), ("CO_2", 44), ("NaOH", 40), ("CaCO_3", 100), ("O_2", 32), ("N_2", 28), ("CH_4", 16),
    ("H_2SO_4", 98),
    ("NH_3", 17), ("MgO", 40), ("C_6H_{12}O_6", 180), ("HNO_3", 63),
)  # fmt: skip
ATOMIC_MASSES = {
    "H": Fraction(1), "C": Fraction(12), "N": Fraction(14), "O": Fraction(16), "Na": Fraction(23),
    "Mg": Fraction(24), "Al": Fraction(27),
    "P": Fraction(31), "S": Fraction(32), "Cl": Fraction(71, 2), "K": Fraction(39), "Ca": Fraction(40),
    "Fe": Fraction(56),
    "Cu": Fraction(127, 2), "Zn": Fraction(65), "Ag": Fraction(108), "Ba": Fraction(137), "Pb": Fraction(207),
}  # fmt: skip
FORMULAS: dict[str, dict[str, int]] = {
    "H_2O": {"H": 2, "O": 1}, "CO_2": {"C": 1, "O": 2}, "NH_3": {"N": 1, "H": 3}, "CH_4": {"C": 1, "H": 4},
    "HCl": {"H": 1, "Cl": 1},
    "H_2SO_4": {"H": 2, "S": 1, "O": 4}, "HNO_3": {"H": 1, "N": 1, "O": 3}, "NaOH": {"Na": 1, "O": 1, "H": 1},
    "KOH": {"K": 1, "O": 1, "H": 1}, "Ca(OH)_2": {"Ca": 1, "O": 2, "H": 2}, "Mg(OH)_2": {"Mg": 1, "O": 2, "H": 2},
    "Al(OH)_3": {"Al": 1, "O": 3, "H": 3}, "NaCl": {"Na": 1, "Cl": 1}, "KCl": {"K": 1, "Cl": 1},
    "CaCl_2": {"Ca": 1, "Cl": 2},
    "MgCl_2": {"Mg": 1, "Cl": 2}, "AlCl_3": {"Al": 1, "Cl": 3}, "ZnCl_2": {"Zn": 1, "Cl": 2},
    "BaCl_2": {"Ba": 1, "Cl": 2},
    "CaCO_3": {"Ca": 1, "C": 1, "O": 3}, "MgCO_3": {"Mg": 1, "C": 1, "O": 3}, "Na_2CO_3": {"Na": 2, "C": 1, "O": 3},
    "NaHCO_3": {"Na": 1, "H": 1, "C": 1, "O": 3}, "ZnCO_3": {"Zn": 1, "C": 1, "O": 3},
    "CuSO_4": {"Cu": 1, "S": 1, "O": 4},
    "ZnSO_4": {"Zn": 1, "S": 1, "O": 4}, "FeSO_4": {"Fe": 1, "S": 1, "O": 4}, "Na_2SO_4": {"Na": 2, "S": 1, "O": 4},
    "MgSO_4": {"Mg": 1, "S": 1, "O": 4}, "BaSO_4": {"Ba": 1, "S": 1, "O": 4}, "CaO": {"Ca": 1, "O": 1},
    "MgO": {"Mg": 1, "O": 1},
    "ZnO": {"Zn": 1, "O": 1}, "CuO": {"Cu": 1, "O": 1}, "Al_2O_3": {"Al": 2, "O": 3},
    "Fe_2O_3": {"Fe": 2, "O": 3},
    "Fe_3O_4": {"Fe": 3, "O": 4}, "Na_2O": {"Na": 2, "O": 1}, "SO_2": {"S": 1, "O": 2},
    "SO_3": {"S": 1, "O": 3},
    "NO_2": {"N": 1, "O": 2}, "C_2H_6": {"C": 2, "H": 6}, "C_2H_4": {"C": 2, "H": 4},
    "C_2H_2": {"C": 2, "H": 2},
    "C_3H_8": {"C": 3, "H": 8}, "C_2H_5OH": {"C": 2, "H": 6, "O": 1}, "CH_3COOH": {"C": 2, "H": 4, "O": 2},
    "CH_3OH": {"C": 1, "H": 4, "O": 1},
    "C_6H_{12}O_6": {"C": 6, "H": 12, "O": 6}, "AgNO_3": {"Ag": 1, "N": 1, "O": 3},
    "AgCl": {"Ag": 1, "Cl": 1}, "Pb(NO_3)_2": {"Pb": 1, "N": 2, "O": 6},
    "KNO_3": {"K": 1, "N": 1, "O": 3}, "NaNO_3": {"Na": 1, "N": 1, "O": 3}, "H_2S": {"H": 2, "S": 1},
    "PCl_3": {"P": 1, "Cl": 3},
    "H_3PO_4": {"H": 3, "P": 1, "O": 4}, "PbO": {"Pb": 1, "O": 1}, "ZnS": {"Zn": 1, "S": 1},
    "Cu_2O": {"Cu": 2, "O": 1},
}  # fmt: skip
ATOMS = (
    ("He", 2, 4), ("Li", 3, 7), ("Be", 4, 9), ("B", 5, 11), ("C", 6, 12), ("C", 6, 14), ("N", 7, 14),
    ("O", 8, 16), ("F", 9, 19), ("Ne", 10, 20),
    ("Na", 11, 23), ("Mg", 12, 24), ("Al", 13, 27), ("Si", 14, 28), ("P", 15, 31), ("S", 16, 32),
    ("Cl", 17, 35), ("Cl", 17, 37), ("Ar", 18, 40),
    ("K", 19, 39), ("Ca", 20, 40),
)  # fmt: skip
IONS = (
    ("Na", 11, 1), ("K", 19, 1), ("Mg", 12, 2), ("Ca", 20, 2), ("Al", 13, 3), ("F", 9, -1), ("Cl", 17, -1),
    ("O", 8, -2), ("S", 16, -2), ("N", 7, -3),
    ("Li", 3, 1), ("Be", 4, 2),
)  # fmt: skip
