/// The report's script: filters, keys, and a light on the path of the finding that is being read.
///
/// Without it the page shows everything.
enum HTMLScript {
  static let text = """
    (function(){"use strict";
    var form=document.querySelector(".filters");if(!form)return;
    var articles=[].slice.call(document.querySelectorAll("article.finding"));
    var groups=[].slice.call(document.querySelectorAll(".group"));
    var files=[].slice.call(document.querySelectorAll("section.file"));
    var buttons=[].slice.call(form.querySelectorAll("[data-severity]"));
    var output=form.querySelector("output"),nothing=document.querySelector(".nothing");
    var words=[];
    function fileOf(article){return article.closest("section.file").getAttribute("data-file")}
    function off(){return buttons.filter(function(b){return b.getAttribute("aria-pressed")==="false"})
    .map(function(b){return b.getAttribute("data-severity")})}
    function apply(){
    var hiddenOnes=off(),rule=form.rule.value,file=form.file.value,text=form.text.value.trim().toLowerCase(),shown=0;
    articles.forEach(function(article,index){
    var fits=hiddenOnes.indexOf(article.getAttribute("data-severity"))<0&&(!rule||article.getAttribute("data-rule")===rule)
    &&(!file||fileOf(article)===file);
    if(fits&&text){if(words[index]===undefined)words[index]=article.textContent.toLowerCase();fits=words[index].indexOf(text)>=0}
    article.hidden=!fits;if(fits)shown++});
    groups.concat(files).forEach(function(part){part.hidden=!part.querySelector("article:not([hidden])")});
    nothing.hidden=shown>0;
    output.textContent=shown===articles.length?"all "+shown+" shown":shown+" of "+articles.length+" shown";
    return shown}
    function keep(){
    var parts=[],hiddenOnes=off();
    if(hiddenOnes.length)parts.push("hide="+hiddenOnes.join(","));
    ["rule","file","text"].forEach(function(name){
    if(form[name].value)parts.push(name+"="+encodeURIComponent(form[name].value))});
    try{history.replaceState(null,"",parts.length?"#?"+parts.join("&"):location.pathname+location.search)}catch(error){}}
    function press(hiddenOnes){buttons.forEach(function(b){
    b.setAttribute("aria-pressed",hiddenOnes.indexOf(b.getAttribute("data-severity"))<0?"true":"false")})}
    function clear(){form.rule.value="";form.file.value="";form.text.value="";press([])}
    function restore(){
    if(location.hash.slice(0,2)!=="#?")return;
    clear();
    location.hash.slice(2).split("&").forEach(function(part){
    var at=part.indexOf("="),name=part.slice(0,at),value=part.slice(at+1);
    try{value=decodeURIComponent(value)}catch(error){return}
    if(name==="hide")press(value.split(","));
    else if(name==="rule"||name==="file"||name==="text")form[name].value=value})}
    function follow(){
    restore();
    var target=location.hash.length>1&&document.getElementById(location.hash.slice(1));
    if(target&&target.closest("[hidden]")){clear();apply();target.scrollIntoView()}
    if(target&&target.matches("article"))target.focus({preventScroll:true})}
    function light(article){
    groups.forEach(function(group){
    var svg=group.querySelector(".graph");if(!svg)return;
    var number=article&&group.contains(article)?article.getAttribute("data-n"):null;
    svg.classList.toggle("dim",!!(number&&svg.querySelector(".f"+number)));
    [].forEach.call(svg.querySelectorAll(".on"),function(part){part.classList.remove("on")});
    if(number)[].forEach.call(svg.querySelectorAll(".f"+number),function(part){part.classList.add("on")})})}
    function step(by){
    var visible=articles.filter(function(article){return !article.hidden});if(!visible.length)return;
    var at=visible.indexOf(document.activeElement.closest("article"));
    if(at<0)at=by>0?-1:0;
    var next=visible[(at+by+visible.length)%visible.length];
    next.focus({preventScroll:true});next.scrollIntoView({block:"start"})}
    form.hidden=false;
    form.addEventListener("submit",function(event){event.preventDefault()});
    form.addEventListener("input",function(){apply();keep()});
    form.addEventListener("reset",function(event){event.preventDefault();clear();apply();keep()});
    buttons.forEach(function(button){button.addEventListener("click",function(){
    button.setAttribute("aria-pressed",button.getAttribute("aria-pressed")==="true"?"false":"true");apply();keep()})});
    document.addEventListener("click",function(event){
    var rule=event.target.closest("[data-rule]:not(article)"),badge=event.target.closest(".badge");
    if(rule){clear();form.rule.value=rule.getAttribute("data-rule");apply();keep();event.preventDefault();
    document.getElementById("findings").scrollIntoView()}
    if(badge){var article=document.querySelector('article[data-n="'+badge.getAttribute("data-f")+'"]');
    if(article)location.hash=article.id}});
    document.addEventListener("mouseover",function(event){
    var badge=event.target.closest(".badge");
    light(badge?document.querySelector('article[data-n="'+badge.getAttribute("data-f")+'"]')
    :event.target.closest("article.finding")||document.activeElement.closest("article.finding"))});
    document.addEventListener("focusin",function(event){light(event.target.closest("article.finding"))});
    document.addEventListener("keydown",function(event){
    if(event.ctrlKey||event.metaKey||event.altKey)return;
    if(event.target.matches("input,select,textarea")){if(event.key==="Escape")event.target.blur();return}
    if(event.key==="j")step(1);else if(event.key==="k")step(-1);
    else if(event.key==="/"){form.text.focus();event.preventDefault()}});
    window.addEventListener("hashchange",function(){follow();apply()});
    follow();apply();
    if(location.hash.slice(0,3)==="#f-"){var target=document.getElementById(location.hash.slice(1));
    if(target)target.scrollIntoView()}
    })();
    """
}
