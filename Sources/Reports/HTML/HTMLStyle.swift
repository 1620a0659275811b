/// The report's style sheet: colours by meaning, light, dark and on paper.
enum HTMLStyle {
  static let text = colours + page + findings + drawings + media

  private static let colours = """
    :root{--bg:#f6f7f9;--card:#fff;--ink:#1a1f26;--quiet:#56606b;--line:#d5dbe1;--soft:#edf0f3;--code:#f4f6f8;\
    --error:#b42318;--error-soft:#fdeceb;--warning:#855100;--warning-soft:#fdf2da;--note:#0b5cad;--note-soft:#e6f0fb;\
    --proven:#0a7445;--proven-soft:#e0f4ea;--accent:#5a3fc0;--accent-soft:#efebfc;--on:#fff;\
    --sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",Arial,sans-serif;\
    --mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;color-scheme:light dark}
    @media(prefers-color-scheme:dark){:root{--bg:#0e1217;--card:#161b22;--ink:#e5e9ee;--quiet:#9ba6b2;--line:#2c353f;\
    --soft:#202831;--code:#10151b;--error:#ff8d82;--error-soft:#3b1b19;--warning:#f0b742;--warning-soft:#33270d;\
    --note:#7dbaff;--note-soft:#132a43;--proven:#59d29b;--proven-soft:#11301f;--accent:#b9a8ff;--accent-soft:#272046;\
    --on:#11161c}}

    """

  private static let page = """
    *{box-sizing:border-box}
    html{scroll-padding-top:5.5rem;-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 var(--sans)}
    main,.top,footer{max-width:68rem;margin:0 auto;padding:0 1.5rem}
    a{color:inherit;text-decoration-color:var(--quiet);text-underline-offset:.18em}
    a:hover{text-decoration-color:currentColor}
    :focus-visible{outline:2px solid var(--note);outline-offset:2px;border-radius:3px}
    code,pre,kbd{font-family:var(--mono);font-size:.875em}
    code{background:var(--soft);padding:.1em .32em;border-radius:4px;unicode-bidi:isolate;overflow-wrap:anywhere}
    pre code{background:none;padding:0;overflow-wrap:normal}
    .skip{position:absolute;left:-99rem}
    .skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:9}
    .top{padding-top:2.75rem;padding-bottom:1.5rem}
    .top p{margin:0;color:var(--quiet)}
    .top .tool{font-weight:600;letter-spacing:.01em}
    h1{font-size:2.25rem;line-height:1.2;margin:.2rem 0 .4rem;letter-spacing:-.022em}
    .top.error h1{color:var(--error)}.top.warning h1{color:var(--warning)}
    .top.note h1{color:var(--note)}.top.clean h1{color:var(--proven)}
    h2{font-size:1.125rem;line-height:1.35;margin:3rem 0 1rem}
    .overview h2.quiet{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden;margin:0}
    .empty{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.5rem 1.5rem}
    .tiles{list-style:none;display:flex;flex-wrap:wrap;gap:.75rem;margin:0 0 1.5rem;padding:0}
    .tiles li{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.7rem 1.1rem .75rem;min-width:7.5rem}
    .tiles b{display:block;font-size:1.6rem;line-height:1.25;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
    .tiles span{color:var(--quiet);font-size:.875rem}
    .tiles .time b,.tiles .error b{color:var(--error)}.tiles .warning b{color:var(--warning)}.tiles .note b{color:var(--note)}
    .tiles .none b{color:var(--quiet)}
    .tables{display:grid;grid-template-columns:minmax(0,1.45fr) minmax(0,1fr);gap:1rem;align-items:start}
    .tables>div{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.6rem 1.1rem .8rem}
    table{border-collapse:collapse;width:100%;font-size:.875rem}
    caption{text-align:left;font-weight:600;padding:.35rem 0 .4rem}
    th,td{text-align:left;font-weight:400;padding:.38rem .8rem .38rem 0;border-top:1px solid var(--line);vertical-align:top}
    th:last-child,td:last-child{padding-right:0}
    .tables>div:first-child th{white-space:nowrap}
    thead th{border:0;color:var(--quiet);font-size:.8125rem;padding-top:0;white-space:nowrap}
    .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    .zero{color:var(--quiet)}
    .dot{display:inline-block;width:.6em;height:.6em;border-radius:50%;margin-right:.55em}
    .dot.error{background:var(--error)}.dot.warning{background:var(--warning)}.dot.note{background:var(--note)}
    .path{unicode-bidi:isolate;overflow-wrap:anywhere}
    .scroll{overflow-x:auto}
    .wide{grid-column:1/-1}
    .filters:not([hidden]){position:sticky;top:0;z-index:5;display:flex;flex-wrap:wrap;gap:.5rem .9rem;align-items:center;\
    background:var(--bg);border-bottom:1px solid var(--line);margin:2rem -1.5rem 0;padding:.7rem 1.5rem;font-size:.875rem}
    .filters label{color:var(--quiet);display:flex;gap:.4rem;align-items:center}
    .filters .buttons{display:flex;gap:.35rem}
    button,select,input{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:7px;\
    padding:.28rem .6rem;min-height:2.1rem}
    select{max-width:13rem}input{width:10rem}
    button{cursor:pointer}button span{font-variant-numeric:tabular-nums}
    button[aria-pressed=true].error{background:var(--error);border-color:var(--error);color:var(--on)}
    button[aria-pressed=true].warning{background:var(--warning);border-color:var(--warning);color:var(--on)}
    button[aria-pressed=true].note{background:var(--note);border-color:var(--note);color:var(--on)}
    button[aria-pressed=false]{color:var(--quiet);text-decoration:line-through}
    output{color:var(--quiet);margin-left:auto;font-variant-numeric:tabular-nums}
    @media print{.keys{display:none}}
    kbd{border:1px solid var(--line);border-radius:4px;padding:0 .35em;background:var(--card)}
    [hidden]{display:none!important}
    .nothing{color:var(--quiet);text-align:center;padding:4rem 0}
    .accepted{margin-top:3rem}.accepted h2{display:inline;font-size:1rem}
    .accepted li{margin:.4rem 0}
    summary{cursor:pointer}
    footer{color:var(--quiet);font-size:.8125rem;padding-top:3rem;padding-bottom:3rem}

    """

  private static let findings = """
    .group{content-visibility:auto;contain-intrinsic-size:auto 40rem;background:var(--card);border:1px solid var(--line);\
    border-radius:12px;margin-bottom:1.25rem;overflow:hidden}
    .finding{padding:1.25rem 1.5rem 1.35rem;border-left:4px solid transparent;border-top:1px solid var(--line)}
    .group>.finding:first-child{border-top:0}
    .finding.error{border-left-color:var(--error)}.finding.warning{border-left-color:var(--warning)}
    .finding.note{border-left-color:var(--note)}
    .finding:target,.finding:focus{outline:0;background:color-mix(in srgb,var(--note-soft) 45%,var(--card))}
    h3{display:flex;gap:.7rem;align-items:baseline;font-size:1.0625rem;line-height:1.45;font-weight:600;margin:0}
    h3 code{font-weight:600;font-size:.9em}
    .number{flex:none;min-width:1.75rem;height:1.45rem;border-radius:.75rem;padding:0 .45rem;text-align:center;font-size:.8125rem;\
    line-height:1.45rem;text-decoration:none;font-variant-numeric:tabular-nums;color:var(--on)}
    .error .number{background:var(--error)}.warning .number{background:var(--warning)}.note .number{background:var(--note)}
    .meta{display:flex;flex-wrap:wrap;gap:.3rem .9rem;align-items:baseline;margin:.35rem 0 .9rem 2.45rem;font-size:.8125rem;\
    color:var(--quiet)}
    .meta b{color:var(--ink)}
    .sentence{min-width:0}.sentence,.links,figcaption,.alt{overflow-wrap:anywhere}
    .label{font-weight:600}
    .label.error{color:var(--error)}.label.warning{color:var(--warning)}.label.note{color:var(--note)}
    .tag{font-size:.75rem;background:var(--soft);border-radius:5px;padding:.12em .5em;color:var(--ink);white-space:nowrap}
    .rule{text-decoration-style:dotted}
    .card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.9rem 1.5rem 1rem;margin-bottom:.9rem}
    .card p{margin:.4rem 0 0;max-width:48rem;font-size:.9375rem}.card .links{font-size:.8125rem}
    .card:target{border-color:var(--note)}
    .source{margin:.75rem 0 0 2.45rem;border:1px solid var(--line);border-radius:8px;background:var(--code);overflow:hidden}
    .source .path{margin:0;padding:.4rem .9rem;border-bottom:1px solid var(--line);font:.8125rem var(--mono);color:var(--quiet)}
    .source pre{margin:0;padding:.55rem 0;font-size:.8125rem;line-height:1.6;width:max-content;min-width:100%;tab-size:4}
    .log pre{white-space:pre-wrap;word-break:break-all;width:auto}
    .log .line{padding-left:3.6rem;text-indent:-3.6rem}.log .ln{text-indent:0}
    .line,.said>.words{display:inline-block}.line{min-width:100%;padding-right:1.25rem}
    .hit{background:color-mix(in srgb,var(--soft) 75%,transparent)}
    .ln{display:inline-block;width:3.6rem;padding-right:1rem;text-align:right;color:var(--quiet);user-select:none}
    .cut{display:inline-block;padding-left:2rem;color:var(--quiet);user-select:none}
    mark{color:inherit;border-radius:3px;padding:.1em 0;background:none}
    mark.generated{background:var(--accent-soft);box-shadow:inset 0 -2px var(--accent)}
    mark.gate,mark.passed{background:var(--warning-soft);box-shadow:inset 0 -2px var(--warning)}
    mark.error{background:var(--error-soft);box-shadow:inset 0 -2px var(--error)}
    mark.warning{background:var(--warning-soft);box-shadow:inset 0 -2px var(--warning)}
    mark.note{background:var(--note-soft);box-shadow:inset 0 -2px var(--note)}
    pre .said{display:inline-block;min-width:100%;font-family:var(--sans);padding:.1rem 0 .3rem}
    pre .said .words{white-space:normal;max-width:44rem}
    pre .words::before{content:"▲ ";font-size:.75em}
    pre .generated .words{color:var(--accent)}pre .gate .words,pre .passed .words{color:var(--warning)}
    pre .error .words{color:var(--error)}pre .warning .words{color:var(--warning)}pre .sink.note .words{color:var(--note)}
    pre .words code{background:none;padding:0;font-weight:600}
    .facts{margin:.85rem 0 0 2.45rem;padding-left:1.1rem;font-size:.9375rem}
    .facts ol{margin:.2rem 0}.facts li::marker{color:var(--quiet)}
    .time{color:var(--error);font-variant-numeric:tabular-nums}
    .remedy{margin:.95rem 0 0 2.45rem;background:var(--proven-soft);border-radius:8px;padding:.65rem 1rem .7rem;font-size:.9375rem}
    .remedy h4{margin:0;font-size:.75rem;letter-spacing:.05em;text-transform:uppercase;color:var(--proven)}
    .remedy p{margin:.15rem 0 0}.remedy pre{margin:.5rem 0 0;overflow-x:auto}
    .remedy code{background:color-mix(in srgb,var(--card) 65%,transparent)}.remedy pre code{background:none}

    """

  private static let drawings = """
    figure{margin:0;padding:1.2rem 1.5rem 1rem}
    figcaption{margin-bottom:.6rem;font-size:.9375rem}
    figcaption .tag{margin-left:.35rem}
    .exposure{color:var(--error);font-weight:600}
    svg{display:block;margin:0 auto;font-family:var(--sans);overflow:visible}
    .voice.counts{fill:var(--proven)}.voice.silent{fill:var(--line)}.voice.void{fill:var(--error)}
    .seat{fill:var(--soft)}.needed{stroke:var(--ink);stroke-width:2}.needed.halo{stroke:var(--card);stroke-width:6}\
    .voices{display:grid;grid-template-columns:fit-content(16rem) minmax(0,1fr) auto;grid-auto-flow:row dense;gap:.4rem 1.1rem;\
    align-items:center;font-size:.8125rem}.voices>div{display:contents}.voices svg{grid-column:2;margin:0}\
    .voices .who{grid-column:1;overflow-wrap:anywhere}.voices .says{grid-column:3;color:var(--quiet);text-align:right;\
    font-variant-numeric:tabular-nums}.voices .axis{font-size:11px;fill:var(--quiet)}\
    .voices>div:first-child>span{align-self:end;padding-bottom:.6rem}\
    .card>figure{padding:0}.quorum figcaption{display:flex;flex-wrap:wrap;gap:.1rem .9rem;align-items:baseline}\
    .quorum figcaption .path{color:var(--quiet);font-size:.8125rem}.met{color:var(--proven);font-weight:600}
    .graph{max-width:none}.timeline{width:100%;height:auto;min-width:44rem}
    .way>path{fill:none;stroke:var(--quiet);stroke-width:1.4;opacity:.75}
    .way>.tip{fill:var(--quiet);stroke:none}
    .way.failure>path:first-child,.way.timeout>path:first-child{stroke-dasharray:5 4}
    .way>text{font-size:11px;fill:var(--quiet);paint-order:stroke;stroke:var(--card);stroke-width:5px;stroke-linejoin:round}
    .way.error>path,.way.warning>path,.way.note>path{stroke-width:2.6;opacity:1}
    .way.error>path{stroke:var(--error)}.way.error>.tip{fill:var(--error);stroke:none}.way.error>text{fill:var(--error)}
    .way.warning>path{stroke:var(--warning)}.way.warning>.tip{fill:var(--warning);stroke:none}.way.warning>text{fill:var(--warning)}
    .way.note>path{stroke:var(--note)}.way.note>.tip{fill:var(--note);stroke:none}.way.note>text{fill:var(--note)}
    .frame{fill:var(--card);stroke:var(--line);stroke-width:1.4}
    .step.branch>.frame{fill:var(--soft)}
    .step.source>.frame{stroke:var(--accent);stroke-width:2}
    .step.weak>.frame{stroke:var(--warning);stroke-width:2;stroke-dasharray:5 3}
    .step.gate>.frame{stroke:var(--proven);stroke-width:2;stroke-dasharray:none}
    .step.gate.weak>.frame{stroke-dasharray:5 3}
    .step.sink.error>.frame{stroke:var(--error);stroke-width:2;fill:var(--error-soft)}
    .step.sink.warning>.frame{stroke:var(--warning);stroke-width:2;fill:var(--warning-soft)}
    .step.sink.note>.frame{stroke:var(--note);stroke-width:2;fill:var(--note-soft)}
    .stripe{fill:none}.open>.stripe{fill:var(--warning)}.proven>.stripe{fill:var(--proven)}
    .name{font-size:13px;font-weight:600;fill:var(--ink)}
    .call{font:10.5px var(--mono);fill:var(--quiet)}
    .pill rect{fill:var(--soft)}.branch .pill rect{fill:var(--card)}.sink .pill rect{fill:var(--card)}
    .source .pill rect{fill:var(--accent-soft)}
    .pill text{font-size:10px;fill:var(--ink)}
    .badge{cursor:pointer}.badge circle{fill:var(--note);stroke:var(--card);stroke-width:2}
    .sink.error .badge circle{fill:var(--error)}.sink.warning .badge circle{fill:var(--warning)}
    .badge text{font-size:10.5px;font-weight:700;fill:var(--on)}
    .dim .way:not(.on),.dim .step:not(.on){opacity:.28}
    .way,.step{transition:opacity .12s}
    .legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:.7rem 0 0;font-size:.8125rem;color:var(--quiet)}
    .legend>span{display:inline-flex;align-items:center;gap:.45rem}
    .key{display:inline-block;width:1.3rem;height:.8rem;border-radius:3px;border:2px solid}
    .key.ray{height:0;border-width:0 0 3px;border-radius:0}
    .key.error{border-color:var(--error)}.key.warning{border-color:var(--warning)}.key.note{border-color:var(--note)}
    .key.gate{border-color:var(--proven)}.key.weak{border:2px dashed var(--warning)}
    .key.proven,.key.open{width:4px;height:1rem;border:0;border-radius:2px;background:var(--proven)}
    .key.open{background:var(--warning)}
    .key.dashed{height:0;border-width:0 0 2px;border-style:dashed;border-radius:0;border-color:var(--quiet)}
    .alt{margin-top:.5rem;font-size:.875rem}.alt summary{color:var(--quiet);font-size:.8125rem}
    .alt ol{margin:.5rem 0}.alt li{margin:.2rem 0}.alt table{margin:.5rem 0}
    .early{color:var(--error)}.place{color:var(--quiet)}
    .timeline .axis{font-size:11px;fill:var(--quiet)}
    .timeline .tick{stroke:var(--line);fill:none}.timeline .zero{stroke:var(--quiet);stroke-dasharray:2 3;fill:none;opacity:1}
    .timeline .after{fill:var(--proven-soft);opacity:.75}
    .timeline .track{stroke:var(--line);stroke-width:1}
    .timeline .what{font-size:12px;fill:var(--ink)}.timeline .when{font-size:11.5px;fill:var(--quiet);font-variant-numeric:tabular-nums}
    .timeline .moment .dot{fill:var(--quiet);stroke:var(--card);stroke-width:1.5}
    .timeline .response .dot{fill:var(--accent)}.timeline .certificate .dot{fill:var(--proven)}
    .timeline .certificate .what{font-weight:600;fill:var(--proven)}
    .timeline .early .dot{fill:var(--error)}.timeline .early .what{font-weight:600}
    .timeline .compensation .dot{fill:var(--note)}
    .timeline .bar{fill:var(--error-soft);stroke:var(--error);stroke-opacity:.4}
    .timeline .length{font-size:11px;font-weight:700;fill:var(--error)}
    .timeline .span{stroke:var(--quiet);stroke-width:5;stroke-linecap:round;opacity:.45}
    .timeline .cross{stroke:var(--error);stroke-width:2.4;fill:none}
    .chain{margin-top:.9rem;font-size:.875rem}.chain h3{display:block;font-size:.9375rem}.chain p{margin:.15rem 0 .4rem}
    .chain ol{list-style:none;margin:0;padding:0 0 0 .9rem}
    .chain li{position:relative;padding:.18rem 0 .18rem 1.15rem;border-left:2px solid var(--line)}
    .chain li:last-child{border-left-color:transparent}
    .chain li::before{content:"";position:absolute;left:-2px;top:0;width:.8rem;height:.95rem;border-left:2px solid var(--line);\
    border-bottom:2px solid var(--line);border-bottom-left-radius:6px}
    .chain b{font-weight:600}.chain .early>b{color:var(--error)}.chain .late>b{color:var(--ink)}
    .via,.chain .n{color:var(--quiet)}
    .attestation{margin:0 0 .9rem}.attestation h3{margin:0 0 .7rem;flex-wrap:wrap;gap:.1rem .9rem}.where{min-width:0;font-weight:400;\
    font-size:.8125rem;overflow-wrap:anywhere}
    .attestation ol,.attestation ul{font-size:.875rem;margin:.5rem 0}.attestation .fails b{color:var(--error)}
    .proof .box{fill:var(--code);stroke:var(--line)}.proof .holds .box{stroke:var(--proven)}
    .proof .fails .box{fill:var(--error-soft);stroke:var(--error)}.proof .open .box{stroke-dasharray:4 3;stroke:var(--warning)}
    .proof text{fill:var(--ink);font-family:var(--sans)}.proof .kind,.proof .words{fill:var(--quiet);font-size:11px}
    .proof .name{font-size:13px;font-weight:600}.proof .link{fill:none;stroke:var(--quiet)}.proof .head{fill:var(--quiet)}
    .proof .link.fails{stroke:var(--error)}.proof .head.fails{fill:var(--error)}.proof .link.open{stroke-dasharray:4 3}

    """

  private static let media = """
    @media(max-width:60rem){.tables{grid-template-columns:minmax(0,1fr)}}
    @media(max-width:44rem){main,.top,footer{padding-left:1rem;padding-right:1rem}h1{font-size:1.75rem}
    html{scroll-padding-top:1rem}.filters:not([hidden]){position:static;margin:1.5rem -1rem 0;padding:.7rem 1rem}.keys{display:none}
    .finding{padding:1rem}.meta,.source,.facts,.remedy{margin-left:0}.tiles li{flex:1 1 6rem;min-width:0;padding:.5rem .8rem}
    figure{padding:1rem}.tables>div:first-child th{white-space:normal}.ln{width:2.6rem;padding-right:.6rem}select{max-width:100%;min-width:0;flex:1}.filters label{max-width:100%}svg{margin:0}\
    .card{padding-left:1rem;padding-right:1rem}.voices{grid-template-columns:minmax(0,1fr) auto;gap:.2rem 1rem}\
    .voices .who{margin-top:.35rem}.voices .says{grid-column:2;align-self:end}.voices svg{grid-column:1/-1}}
    @media(prefers-reduced-motion:reduce){.way,.step{transition:none}}
    @media(forced-colors:active){.number,button[aria-pressed=true]{border:1px solid}}
    @media print{:root{--bg:#fff;--card:#fff;--ink:#000;--quiet:#444;--line:#bbb;--soft:#eee;--code:#fafafa;--on:#fff;\
    --error:#b42318;--error-soft:#fdeceb;--warning:#855100;--warning-soft:#fdf2da;--note:#0b5cad;--note-soft:#e6f0fb;\
    --proven:#0a7445;--proven-soft:#e0f4ea;--accent:#5a3fc0;--accent-soft:#efebfc}
    *{print-color-adjust:exact;-webkit-print-color-adjust:exact}body{font-size:10pt}
    .filters:not([hidden]),.skip,.alt{display:none}.group{content-visibility:visible;overflow:visible}
    main,.top,footer{max-width:none;padding:0}.top{padding-bottom:1rem}figure,.source,.remedy,h3{break-inside:avoid}
    h2,h3,.meta{break-after:avoid}svg{max-width:100%;height:auto}.scroll{overflow:visible}
    .source pre{white-space:pre-wrap;overflow-wrap:anywhere;width:auto}a{text-decoration:none}\
    .line{padding-left:3.6rem;text-indent:-3.6rem}.ln{text-indent:0}.timeline{min-width:0}}

    """
}
