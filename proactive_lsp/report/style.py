"""What the pages of reports add to the common stylesheet."""

from proactive_lsp.stylesheet import BASE

STYLE = f"""{BASE}
header p, h2 + p {{ margin-top: -.45rem; }}
.skip {{ position: absolute; left: -99rem; }} .skip:focus {{ left: 1rem; }}
.tiles {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(6.3rem, 1fr));
  gap: .6rem; margin: 1.25rem 0; padding: 0; list-style: none; }}
.tiles li {{ border: 1px solid var(--line); border-radius: 8px; padding: .5rem .75rem;
  background: var(--panel); }}
.tiles b {{ display: block; font-size: 1.4rem; line-height: 1.25; font-weight: 600;
  font-variant-numeric: tabular-nums; }}
.tiles b {{ white-space: nowrap; }}
.tiles span {{ color: var(--dim); font-size: .8rem; line-height: 1.35; display: block; }}
.tiles .good b {{ color: var(--good); }} .tiles .bad b {{ color: var(--bad); }}
section {{ margin-top: 2.75rem; }}
section.session {{ border-top: 1px solid var(--line); padding-top: .25rem; }}
figure {{ margin: 1rem 0; }}
figure.panel {{ border: 1px solid var(--line); border-radius: 8px; padding: .75rem .75rem .5rem;
  background: var(--panel); }}
figcaption {{ color: var(--dim); font-size: .83rem; margin: .1rem .25rem; }}
.pair {{ display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); }}
.pair figure {{ margin: 0; }}
.wide svg {{ min-width: 44rem; }}
.key {{ white-space: nowrap; margin-right: .9rem; }}
.key i {{ display: inline-block; width: .62rem; height: .62rem; border-radius: 50%;
  margin-right: .35rem; background: var(--mark); }}
svg.chart {{ display: block; width: 100%; overflow: visible; }}
svg .axis text {{ font-size: 12px; fill: var(--dim); }}
svg .axis.y text {{ text-anchor: end; }} svg .axis.x text {{ text-anchor: middle; }}
svg .axis path {{ stroke: var(--line); stroke-width: 1; fill: none; }}
svg .axis path.guide {{ stroke: var(--soft); }}
svg .nofill {{ fill: none; }}
svg .series circle, svg .series rect {{ fill: var(--mark); }}
svg .series circle {{ stroke: var(--panel); stroke-width: 1; }}
svg .series path {{ stroke: var(--mark); stroke-width: 2; }}
svg .lasts path {{ stroke-width: 10; stroke-linecap: round; opacity: .8; }}
svg .lasts path.k-labels {{ stroke-width: 5; opacity: .6; }}
svg a:hover circle, svg .series.k-labels.lasts path {{ stroke-width: 5; opacity: .6; }}
svg a:hover path {{ opacity: 1; stroke: var(--text); }}
.k-edits, .v-edits {{ --mark: var(--need); }} .k-saves {{ --mark: var(--dim); }}
.k-git {{ --mark: var(--calm); }} .k-runs {{ --mark: var(--dim); }}
.k-model, .v-model, .v-prompt, .v-calls {{ --mark: var(--calm); }}
.v-answer {{ --mark: var(--need); }}
.k-suggestions, .v-cards {{ --mark: var(--need); }} .k-answers {{ --mark: var(--need); }}
.k-silences {{ --mark: var(--other); }} .k-labels {{ --mark: var(--dim); }}
.t-good, .v-accepted {{ --mark: var(--good); }} .t-bad, .v-dismissed {{ --mark: var(--bad); }}
.v-ignored {{ --mark: var(--other); }} .v-unanswered {{ --mark: var(--dim); }}
.v-rate, .v-latency, .v-quiet {{ --mark: var(--need); }}
.badge {{ display: inline-block; font-size: .78rem; line-height: 1.5; padding: 0 .5rem;
  border-radius: 1rem; border: 1px solid var(--line); color: var(--dim); white-space: nowrap; }}
.badge.good {{ color: var(--good); background: var(--good-soft); border-color: transparent; }}
.badge.bad {{ color: var(--bad); background: var(--bad-soft); border-color: transparent; }}
.badge.need {{ color: var(--need); background: var(--need-soft); border-color: transparent; }}
.badge.other {{ color: var(--other); background: var(--other-soft); border-color: transparent; }}
.badges {{ display: flex; flex-wrap: wrap; gap: .35rem; margin: .35rem 0 .1rem; }}
article {{ border: 1px solid var(--line); border-radius: 8px; margin: 1rem 0; overflow: hidden; }}
article > header {{ background: var(--panel); border-bottom: 1px solid var(--line);
  padding: .6rem 1rem .55rem; }}
article h3 {{ margin: 0; font-size: 1.02rem; }}
article h4, details h4 {{ margin: .9rem 0 .3rem; font-size: .83rem; color: var(--dim);
  font-weight: 600; }}
article > div {{ padding: .1rem 1rem 1rem; }}
:target {{ outline: 2px solid var(--need); outline-offset: 2px; border-radius: 4px; }}
article:target {{ border-radius: 8px; }}
.sides {{ display: grid; grid-template-columns: minmax(0, 10fr) minmax(0, 11fr); gap: 0 1.75rem; }}
ul.facts {{ margin: 0; padding-left: 1.1rem; }} ul.facts li {{ margin: .12rem 0; }}
.facts, .story, .diff {{ overflow-wrap: anywhere; }}
.gauge {{ position: relative; height: .6rem; border-radius: .3rem; background: var(--soft);
  margin: .45rem 0 .3rem; }}
.gauge i {{ position: absolute; inset: 0 auto 0 0; border-radius: .3rem; background: var(--good); }}
.gauge.below i {{ background: var(--other); }}
.gauge b {{ position: absolute; top: -.2rem; bottom: -.2rem; width: 2px; background: var(--text); }}
table.odds {{ width: 100%; font-size: .86rem; white-space: normal; }}
table.odds td, table.odds th {{ padding: .08rem .4rem; border: 0; font-weight: 400; }}
table.odds td:first-child, table.odds th[scope=row] {{ padding-left: 0; text-align: left; }}
table.odds .bar {{ width: 36%; min-width: 6rem; }}
table.odds .bar span {{ display: block; position: relative; height: .62rem; }}
table.odds .bar span::before {{ content: ""; position: absolute; left: 50%; top: -.2rem;
  bottom: -.2rem; border-left: 1px solid var(--line); }}
table.odds .bar i {{ position: absolute; top: 0; bottom: 0; border-radius: 2px; }}
table.odds .for i {{ left: 50%; background: var(--good); }}
table.odds .against i {{ right: 50%; background: var(--bad); }}
table.odds tr:last-child th, table.odds tr:last-child td {{ border-top: 1px solid var(--line);
  font-weight: 600; }}
.diff {{ border: 1px solid var(--line); border-radius: 6px; overflow: hidden; margin: .45rem 0; }}
.diff p {{ margin: 0; padding: .15rem .6rem; background: var(--panel); font-size: .8rem;
  color: var(--dim); }}
.diff pre {{ margin: 0; padding: .1rem 0; white-space: pre-wrap; }}
.diff p code {{ font-size: 1em; }}
.diff pre > * {{ display: block; padding: 0 .6rem 0 1.5rem; text-indent: -.9rem;
  text-decoration: none; }}
.diff del {{ background: var(--bad-soft); }} .diff ins {{ background: var(--good-soft); }}
.diff del::before {{ content: "\\2212"; display: inline-block; width: .9rem; text-indent: 0;
  color: var(--bad); }}
.diff ins::before {{ content: "+"; display: inline-block; width: .9rem; text-indent: 0;
  color: var(--good); }}
details {{ border: 1px solid var(--line); border-radius: 8px; margin: 1rem 0; }}
details > summary {{ padding: .5rem 1rem; cursor: pointer; font-weight: 600;
  background: var(--panel); border-radius: 8px; }}
details[open] > summary {{ border-bottom: 1px solid var(--line); border-radius: 8px 8px 0 0; }}
summary .badge {{ font-weight: 400; margin-left: .4rem; }}
details > div {{ padding: .5rem 1rem 1rem; }}
.silent {{ width: 100%; white-space: normal; }} .silent td {{ vertical-align: top; }}
ol.story {{ list-style: none; margin: 0; padding: 0; font-size: .92rem; }}
ol.story li {{ display: grid; grid-template-columns: 4.5rem 6rem minmax(0, 1fr); gap: 0 .5rem;
  padding: .12rem .25rem; }}
ol.story li > time {{ text-align: right; color: var(--dim); font-variant-numeric: tabular-nums; }}
ol.story .offered > b {{ color: var(--need); }} ol.story .silent > b {{ color: var(--other); }}
ol.story .withdrawn > b {{ color: var(--calm); }} ol.story .message > b {{ color: var(--bad); }}
ol.story b {{ font-weight: 500; }} ol.story p {{ margin: 0; color: var(--dim); font-size: .9em; }}
.missed {{ border: 1px solid var(--bad); border-radius: 8px; padding: .3rem 1rem; margin: 1rem 0;
  background: var(--bad-soft); }}
.came td {{ background: var(--good-soft); }} .went td {{ background: var(--bad-soft); }}
td.better {{ color: var(--good); }} td.worse {{ color: var(--bad); }}
td.wraps {{ white-space: normal; min-width: 14rem; overflow-wrap: anywhere; }}
footer {{ margin: 3rem 0 1rem; color: var(--dim); font-size: .83rem; }}
@media (max-width: 46rem) {{
  .sides {{ grid-template-columns: minmax(0, 1fr); }}
  ol.story li {{ grid-template-columns: 4rem minmax(0, 1fr); }}
}}
@media print {{
  .diff, .facts li, ol.story li, .missed {{ break-inside: avoid; }}
  article > header, article h4 {{ break-after: avoid; }}
  article, details {{ overflow: visible; margin: .6rem 0; }} .sides {{ gap: 0 1rem; }}
  table.silent, table.odds, ol.story {{ font-size: .82em; }}
  a {{ color: inherit; }} .wide svg {{ min-width: 0; }}
  section.session {{ break-before: page; }} section.session:first-of-type {{ break-before: auto; }}
}}
"""
