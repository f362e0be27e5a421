# ruff: noqa
# fmt: off
# SPDX-License-Identifier: CC0-1.0
# This tool may be copied, changed and shipped with the product.
"""Large synthetic monthly DSN files, for load tests. Standard library only, streaming, deterministic.

Every person is fictitious: the NIR carries commune 999, which does not exist, and the company is made up
unless --siren says otherwise. The same --seed, --siren and --year give the same people month after month
(identities are stable inside one calendar year; about 6 % of the posts change hands during the year).

  python3 make_dsn.py --employees 10000 --month 3 --year 2025 --out big.dsn
  python3 make_dsn.py --employees 500 --month 1 --year 2026 --siren 00009999 --seed 7 --etab 2 --out -
"""
import argparse, calendar, datetime as dt, sys, time

VERSION = {2024: 'P24V01', 2025: 'P25V01', 2026: 'P26V01'}
SMIC = {2024: 11.65, 2025: 11.88, 2026: 12.02}
OFFICE = '78861779300013'
# invented surnames, none of them a word of a company or sender; syllables are added so that every person has their own
SURNAMES = '''
TESTAROL GABARITEL MAQUETOT ESSAYEL CROQUISSE EBAUCHIN MODELARD CALIBREL PATRONEL ECHANTILLARD FACTICELLE POSTICHEL SIMULOT
PANTINEL FEINTISE LEURRANT MIRAGEOT CHIMERAC UTOPINE FABULON IMAGINOT INVENTEAU SUPPOSAC PRETENDON QUIDAMET LAMBDARD
ANONIMEL NEANTISSE VIDUREL RIENZOT NULPARD QUELCONET TRUCMUCHE MACHINOT BIDULARD CHOSIER TARTEMPION DUCHMOLE UNTELLON
ZIGOTEAU OLIBRIUS QUIPROQUE FARFADEL LUTINEAU KORRIGOT GNOMETTE ELFINARD DRAGONEL LICORNET GRIFFONEL SPHINXARD PHENIXON
CENTAURIL FAUNELLE NAIADOU OGRELET TITANOL CYCLOPET MENHIROT DOLMENEL CAIRNOT GALETAZ PRALINOT NOUGATIN BERLINGAZ
CALISSOL MADELINOT FINANCIN MACARONEL BISCOTAZ CREPINOL GAUFRETTE BRIOCHIN SABLETON COOKINET TARTELOT VERMICEL PISTACHON
CUMINARD SAFRANEL
'''.split()
SYLLABLES = [c + v for c in 'BDFGLMNPRSTV' for v in 'AEIOU']
DEPS = [f'{d:02d}' for d in range(1, 96) if d != 20]
MASK = (1 << 64) - 1


def mix(x):
    """splitmix64: a cheap, reproducible hash of an integer"""
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def luhn(s):
    t = 0
    for i, c in enumerate(reversed(s)):
        d = int(c)
        if i & 1:
            d = d * 2 - 9 if d > 4 else d * 2
        t += d
    return t % 10 == 0


def with_key(prefix, body):
    return next(body + str(k) for k in range(10) if luhn(prefix + body + str(k)))


# category: status, AGIRC-ARRCO status, PCS-ESE, job label, base pay, spread
CATEGORIES = [
    ('04', '01', '388a', 'Ingenieur projet', 4600, 1500),       # 0 forfait jours
    ('04', '01', '373a', 'Cadre administratif', 3700, 1400),    # 1
    ('05', '04', '474b', 'Technicien etudes', 2500, 700),       # 2
    ('06', '04', '543a', 'Assistant gestion', 2000, 500),       # 3
    ('07', '04', '628b', 'Operateur atelier', 1950, 450),       # 4
    ('07', '04', '628b', 'Apprenti atelier', 1000, 250),        # 5 apprentice
]
EXITS = ('059', '059', '043', '087', '039')


def surname(ident):
    k, r = divmod(ident, len(SURNAMES))
    name = SURNAMES[r]
    while k:
        k, r = divmod(k - 1, len(SYLLABLES))
        name += SYLLABLES[r]
    return name


class Post:
    """one declared person of one month, computed from (seed, index, year, month)"""
    __slots__ = ('ident', 'sex', 'birth', 'nir', 'cat', 'start', 'nature', 'scheme', 'planned', 'unit', 'ref', 'q', 'base',
                 'end', 'reason', 'sick', 'last', 'until', 'hours', 'absent', 'gross', 'first', 'stop', 'days', 'num')

    def __init__(s, seed, i, y, m, nd):
        h = mix(seed * 1000003 + i)
        turn = (h >> 45) % 100 < 6
        out = (h >> 52) % 12 + 1
        second = turn and m > out
        s.ident = 2 * i + second
        g = mix(h ^ 0xABCDEF) if second else h
        s.sex = 1 + (g & 1)
        c = (g >> 1) % 100
        cat = s.cat = 0 if c < 8 else 1 if c < 20 else 2 if c < 38 else 3 if c < 62 else 4 if c < 97 or turn else 5
        cycle = s.ident // (998 * len(DEPS))
        by = 2004 + cycle % 4 if cat == 5 else 1960 + (g >> 9) % 10 * 4 + cycle % 4
        bm = 1 + (g >> 13) % 3 * 4 + cycle // 4 % 4
        bd = 1 + (g >> 16) % 28
        s.birth = f'{bd:02d}{bm:02d}{by}'
        s.nir = f'{s.sex}{by % 100:02d}{bm:02d}{DEPS[s.ident // 998 % len(DEPS)]}999{s.ident % 998 + 1:03d}'
        s.num = f'{s.ident:07d}'
        fixed = turn and (g >> 58) & 1
        s.planned = s.scheme = s.end = s.reason = None
        if cat == 5:
            s.start, s.nature, s.scheme, s.planned = (y - 1, 9, 1), '02', '65', f'3108{y + 1}'
        elif second:
            s.start, s.nature = (y, out + 1, 1), '01'
        else:
            s.start, s.nature = (max(y - 1 - (g >> 28) % 20, by + 18), 1 + (g >> 33) % 12, 1), '01'
        if turn and not second and fixed:
            s.nature, s.start, s.planned = '02', (y - 1, 7, 1), f'{calendar.monthrange(y, out)[1]:02d}{out:02d}{y}'
        if turn and m == out:
            s.end, s.reason = nd, '031' if fixed else EXITS[(g >> 48) % len(EXITS)]
            if not fixed:
                s.end = max(2, nd - (g >> 50) % 12)
        if cat == 0:
            s.unit, s.ref, s.q = '20', 18.17, 18.17
        else:
            s.unit, s.ref = '10', 151.67
            s.q = (121.34, 91.0, 75.84)[(g >> 24) % 3] if (g >> 20) % 100 < 14 and cat != 5 else 151.67
        st = CATEGORIES[cat]
        s.base = round((st[4] + (g >> 36) % 512 / 512 * st[5]) * (s.q / s.ref), 2)
        if cat != 5 and s.unit == '10':
            s.base = max(s.base, round(SMIC[y] * s.q + 0.01, 2))
        s.first, s.stop = 1, s.end or nd
        s.days = s.stop - s.first + 1
        k = mix(g ^ m) % 1000
        s.sick, lost = None, 0
        if k < 45 and s.days > 24:
            s.sick = '06' if k < 3 else '01'
            s.last = 1 + k % 9
            s.until = s.last + 2 + k % 11
            lost = s.until - s.last
        month = s.q * s.days / nd
        s.absent = round(month * lost / s.days, 2)
        s.hours = round(month - s.absent, 2)
        s.gross = round(s.base * s.days / nd * (1 - lost / s.days), 2)


def person(p, idcc, siret, y, mm, nd, smic):
    """lines of one individual and their number"""
    status, rc, pcs, label, _, _ = CATEGORIES[p.cat]
    A, B = f'{p.first:02d}{mm}{y}', f'{p.stop:02d}{mm}{y}'
    sy, sm, sd = p.start
    net = round(p.gross * 0.8, 2)
    n = 0
    o = [f"""S21.G00.30.001,'{p.nir}'
S21.G00.30.002,'{surname(p.ident)}'
S21.G00.30.004,'Personne'
S21.G00.30.006,'{p.birth}'
S21.G00.30.007,'COMMUNE FICTIVE'
S21.G00.30.008,'3 RUE IMAGINAIRE'
S21.G00.30.009,'01000'
S21.G00.30.010,'BOURG EN BRESSE'
S21.G00.30.013,'01'
S21.G00.30.014,'01'
S21.G00.30.015,'FR'
S21.G00.30.019,'{p.num}'
"""]
    n += 12
    if p.cat == 5:
        o.append("S21.G00.30.025,'03'\n"); n += 1
    o.append(f"""S21.G00.40.001,'{sd:02d}{sm:02d}{sy}'
S21.G00.40.002,'{status}'
S21.G00.40.003,'{rc}'
S21.G00.40.004,'{pcs}'
S21.G00.40.006,'{label}'
S21.G00.40.007,'{p.nature}'
S21.G00.40.008,'{p.scheme or '99'}'
S21.G00.40.009,'{p.num}'
""")
    n += 8
    if p.planned:
        o.append(f"S21.G00.40.010,'{p.planned}'\n"); n += 1
    o.append(f"""S21.G00.40.011,'{p.unit}'
S21.G00.40.012,'{p.ref:.2f}'
S21.G00.40.013,'{p.q:.2f}'
S21.G00.40.014,'{'10' if p.q >= p.ref else '20'}'
S21.G00.40.016,'99'
S21.G00.40.017,'{idcc}'
S21.G00.40.018,'200'
S21.G00.40.019,'{siret}'
S21.G00.40.020,'200'
""")
    n += 9
    if p.nature == '02':
        o.append("S21.G00.40.021,'11'\n" if p.cat == 5 else "S21.G00.40.021,'02'\n"); n += 1
    o.append("""S21.G00.40.024,'99'
S21.G00.40.026,'99'
S21.G00.40.036,'01'
S21.G00.40.037,'01'
S21.G00.40.039,'200'
S21.G00.40.040,'252HB'
S21.G00.40.043,'2.10'
""")
    n += 7
    if p.sick:
        o.append(f"""S21.G00.60.001,'{p.sick}'
S21.G00.60.002,'{p.last:02d}{mm}{y}'
S21.G00.60.003,'{p.until:02d}{mm}{y}'
S21.G00.60.010,'{p.until + 1:02d}{mm}{y}'
S21.G00.60.011,'01'
"""); n += 5
    if p.end:
        o.append(f"S21.G00.62.001,'{B}'\nS21.G00.62.002,'{p.reason}'\n"); n += 2
    g, num = f'{p.gross:.2f}', p.num
    o.append(f"""S21.G00.71.002,'RUAA'
S21.G00.50.001,'{nd:02d}{mm}{y}'
S21.G00.50.002,'{net:.2f}'
S21.G00.50.003,'01'
S21.G00.50.004,'{net * 0.97:.2f}'
S21.G00.50.006,'3.00'
S21.G00.50.007,'13'
S21.G00.50.009,'{net * 0.03:.2f}'
S21.G00.50.013,'{net:.2f}'
S21.G00.51.001,'{A}'
S21.G00.51.002,'{B}'
S21.G00.51.010,'{num}'
S21.G00.51.011,'001'
S21.G00.51.013,'{g}'
S21.G00.51.001,'{A}'
S21.G00.51.002,'{B}'
S21.G00.51.010,'{num}'
S21.G00.51.011,'002'
S21.G00.51.013,'{g}'
S21.G00.53.001,'01'
S21.G00.53.002,'{p.hours:.2f}'
S21.G00.53.003,'{p.unit}'
""")
    n += 22
    if p.absent:
        o.append(f"S21.G00.53.001,'02'\nS21.G00.53.002,'{p.absent:.2f}'\nS21.G00.53.003,'{p.unit}'\n"); n += 3
    cap = f'{min(p.gross, 3925):.2f}'
    o.append(f"""S21.G00.53.001,'01'
S21.G00.53.002,'{p.days}.00'
S21.G00.53.003,'40'
S21.G00.51.001,'{A}'
S21.G00.51.002,'{B}'
S21.G00.51.010,'{num}'
S21.G00.51.011,'003'
S21.G00.51.013,'{p.base:.2f}'
S21.G00.51.001,'{A}'
S21.G00.51.002,'{B}'
S21.G00.51.010,'{num}'
S21.G00.51.011,'010'
S21.G00.51.013,'{p.base:.2f}'
S21.G00.58.001,'01{mm}{y}'
S21.G00.58.002,'{nd:02d}{mm}{y}'
S21.G00.58.003,'03'
S21.G00.58.004,'{net:.2f}'
S21.G00.78.001,'02'
S21.G00.78.002,'{A}'
S21.G00.78.003,'{B}'
S21.G00.78.004,'{cap}'
S21.G00.78.006,'{num}'
S21.G00.81.001,'076'
S21.G00.81.002,'{OFFICE}'
S21.G00.81.003,'{cap}'
S21.G00.81.004,'{min(p.gross, 3925) * 0.1545:.2f}'
S21.G00.78.001,'03'
S21.G00.78.002,'{A}'
S21.G00.78.003,'{B}'
S21.G00.78.004,'{g}'
S21.G00.78.006,'{num}'
S21.G00.79.001,'01'
S21.G00.79.004,'{smic * (p.q if p.unit == '10' else 151.67):.2f}'
S21.G00.81.001,'045'
S21.G00.81.002,'{OFFICE}'
S21.G00.81.003,'{g}'
S21.G00.81.004,'{p.gross * 0.021:.2f}'
S21.G00.86.001,'07'
S21.G00.86.002,'02'
S21.G00.86.003,'{max(1, (y - sy) * 12 + int(mm) - sm + 1)}'
S21.G00.86.005,'{num}'
""")
    return ''.join(o), n + 41


def main(argv=None):
    ap = argparse.ArgumentParser(description='Large synthetic monthly DSN (fictitious people only)')
    ap.add_argument('--employees', type=int, required=True, help='individuals declared in the file (up to 700000)')
    ap.add_argument('--month', type=int, required=True)
    ap.add_argument('--year', type=int, required=True, help='2024, 2025 or 2026: gives the norm version')
    ap.add_argument('--siren', default='00007777', help='8 digits (key added) or 9 digits with a valid key')
    ap.add_argument('--etab', type=int, default=1, help='number of the establishment (NIC), default 1')
    ap.add_argument('--idcc', default='3248')
    ap.add_argument('--seed', type=int, default=1)
    ap.add_argument('--order', type=int, default=None, help='S20.G00.05.004, default: the month')
    ap.add_argument('--eol', choices=('crlf', 'lf'), default='crlf')
    ap.add_argument('--out', required=True, help='file, or - for standard output')
    a = ap.parse_args(argv)
    if a.year not in VERSION or not 1 <= a.month <= 12 or not 1 <= a.employees <= 700000 or not 1 <= a.etab <= 9999:
        ap.error('year 2024-2026, month 1-12, employees 1-700000, etab 1-9999')
    siren = with_key('', a.siren) if len(a.siren) == 8 else a.siren
    if not (len(siren) == 9 and siren.isdigit() and luhn(siren)):
        ap.error('invalid SIREN')
    nic = with_key(siren, f'{a.etab:04d}'); siege = with_key(siren, '0001')
    tiers = with_key('', '00005678'); tnic = with_key(tiers, '0001')
    y, m = a.year, a.month; mm = f'{m:02d}'; nd = calendar.monthrange(y, m)[1]
    seed = mix(a.seed * 7919 + int(siren) * 31 + a.etab)
    t0 = time.perf_counter()
    posts = lambda: (Post(seed, i, y, m, nd) for i in range(a.employees))
    total = round(sum(p.gross for p in posts()), 0)
    filed = dt.date(y, m, nd) + dt.timedelta(3)
    H = [('S10.G00.00', [('001', 'MakeDSN'), ('002', 'Logiciel de test'), ('003', '1.0'), ('005', '01'), ('006', VERSION[y]), ('007', '01'), ('008', '01')]),
         ('S10.G00.01', [('001', tiers), ('002', tnic), ('003', 'CABINET FICTIF'), ('004', '1 RUE DE L EXEMPLE'), ('005', '01000'), ('006', 'BOURG EN BRESSE')]),
         ('S10.G00.02', [('001', '02'), ('002', 'TESTEUSE Paie'), ('004', 'paie@exemple.invalid'), ('005', '0100000000')]),
         ('S20.G00.05', [('001', '01'), ('002', '01'), ('003', '11'), ('004', str(a.order or m)), ('005', f'01{mm}{y}'), ('007', filed.strftime('%d%m%Y')), ('008', '01'), ('010', '01')]),
         ('S20.G00.07', [('001', 'TESTEUR Contact'), ('002', '0100000001'), ('003', 'rh@exemple.invalid'), ('004', '08')]),
         ('S21.G00.06', [('001', siren), ('002', siege), ('003', '2562B'), ('004', '12 RUE DE L ATELIER'), ('005', '01000'), ('006', 'BOURG EN BRESSE')]),
         ('S21.G00.11', [('001', nic), ('002', '2562B'), ('003', '12 RUE DE L ATELIER'), ('004', '01000'), ('005', 'BOURG EN BRESSE'), ('022', a.idcc)]),
         ('S21.G00.20', [('001', OFFICE), ('005', f'{total * 0.42:.2f}'), ('006', f'01{mm}{y}'), ('007', f'{nd}{mm}{y}'), ('010', '02')]),
         ('S21.G00.22', [('001', OFFICE), ('003', f'01{mm}{y}'), ('004', f'{nd}{mm}{y}'), ('005', f'{total * 0.42:.2f}')]),
         ('S21.G00.23', [('001', '100'), ('002', '920'), ('003', '2.10'), ('004', f'{total:.2f}')])]
    out = sys.stdout.buffer if a.out == '-' else open(a.out, 'wb', buffering=1 << 20)
    crlf = a.eol == 'crlf'

    def put(text):
        out.write((text.replace('\n', '\r\n') if crlf else text).encode('latin-1'))
    head = [f"{b}.{r},'{v}'\n" for b, l in H for r, v in l]
    lines = len(head); put(''.join(head)); buf = []
    siret, smic = siren + nic, SMIC[y]
    for i, p in enumerate(posts(), 1):
        t, n = person(p, a.idcc, siret, y, mm, nd, smic)
        buf.append(t); lines += n
        if i % 256 == 0:
            put(''.join(buf)); buf.clear()
    buf.append(f"S90.G00.90.001,'{lines + 2}'\nS90.G00.90.002,'1'\n"); lines += 2
    put(''.join(buf)); out.flush()
    if a.out != '-':
        out.close()
    el = time.perf_counter() - t0
    print(f'{a.employees} individuals, {lines} lines, SIREN {siren} NIC {nic}, {VERSION[y]}, {lines / el:,.0f} lines/s', file=sys.stderr)


if __name__ == '__main__':
    main()
