// Runs veraPDF over the files named, against PDF/UA-1, and prints a line of JSON for each.
var Foundries = Packages.org.verapdf.pdfa.Foundries;
var PDFUA_1 = Packages.org.verapdf.pdfa.flavours.PDFAFlavour.PDFUA_1;
var MOST_FAILURES = 10000;
Packages.org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise();

function check(name) {
    var parser = Foundries.defaultInstance().createParser(new java.io.FileInputStream(name), PDFUA_1);
    var result = Foundries.defaultInstance().createValidator(PDFUA_1, MOST_FAILURES, false, true, false).validate(parser);
    var failed = [];
    for (var each = result.getTestAssertions().iterator(); each.hasNext();) {
        var one = each.next();
        var rule = one.getRuleId();
        failed.push(rule.getClause() + "-" + rule.getTestNumber() + " " + one.getMessage() + " " + one.getLocation().getContext());
    }
    parser.close();
    return { compliant: Boolean(result.isCompliant()), checks: Number(result.getTotalAssertions()), failed: failed };
}

for (var at = 0; at < arguments.length; at++) print(JSON.stringify(check(arguments[at])));
