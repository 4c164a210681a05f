"""Dutch official forenames and what their bearers are called (roepnamen); a hint for a reviewer, never proof.

Written by hand from general knowledge. `call_name("jan", "johannes")` is true both ways round, and for two call names
of one official name ("hans", "jan").
"""

_TABLE = """
adriana: ada adrie jana jeanne ria arja sjaan
adrianus adriaan: aad adri ad arie janus
albertus albert: ab bert bertus appie
alberta albertina: bertha tina berta
aleida alida: ali lida aly leida
alexander: alex sander xander lex
alexandra: alexa sandra alex xandra
alphonsus alfons: fons alfons
andreas andries: dries andre
anna: ans anja anneke annie anke anouk anne annemiek
annelies anneliese: lies anne
anthonius antonius anton antoon: ton toon anton twan teun tonnie tonny antoine
antonia anthonia: toos tonnie tonia antoinette tony
arnoldus arnold: arno nol noud
augustinus: guus stijn august
barbara: barbra babs bar
bartholomeus: bart mees
benedictus benjamin: ben bennie benno benji
bernardus bernard: ben bernd bennie berend barend
bernadette bernardina: dina detje bernie
catharina katharina: cato carin karin trijntje ina katja tine toos rina kaatje nienke
christiaan christianus: chris chris kris christian
christina christiana: chris tina christien stien christel
christoffel christophorus: chris stoffel christophe
clasina: ina sien klaasje
cornelia: cor corrie nelleke nel cora lia conny neeltje
cornelis: cor kees cees nelis corne cornee
daniel: daan dani danny
daniella danielle: daan danni
dionysius: dennis denis
dirk diederik theodericus: dick dirk diede rik
dorothea: dora thea dorien doortje
eduard: ed eddy edu ward
elisabeth elizabeth: els elly lies betsy lisa ilse bep liesbeth elise liza lisette elsbeth betty
emanuel emmanuel: manuel manu
ernestus: ernst
eugenius eugene: sjef gene
everardus evert: evert eef ever
fatima: fati fatma
ferdinand: fer nand ferry
franciscus: frans frank francis sjaak cis
francisca: cisca fransje ciska francien sisca frances
frederik fredericus: fred freek frits rik
frederika: frederique riek fretje freddie
gabriel: gab gaby
gabriella gabrielle: gaby gabi
geertruida gertruda gertrudis: truus trudy geertje gerda ger tru
gerardus gerard gerhardus: gerard ger geert gerrit sjra gerd
gerarda gerardina: gerda gerrie dini
gerrit: ger gert gerard
gijsbertus gijsbert: gijs bert
godefridus: govert fried frits
gregorius: greg joris
guilielmus: guillaume wim
harmanus hermanus herman: herman harm manus har
helena: leni lena heleen ellen hella leentje
hendrik hendrikus henricus hendricus: henk hein rik henri harry driek henry heiko hennie harrie
hendrika henrica hendrica: riek hennie henny hetty rika henriette ria heintje
hermina: mina hermien mien
hieronymus: jeroen
hubertus hubert: huub bert hub
ignatius: ignaas naas
isabella: isa bella isabel
jacobus jacob jakob: jaap koos jack cobus jacco sjaak ko kobus jim
jacoba: coba cobie jacqueline ko
jacomina: mina mien
jeremias: jeremy
johanna: jo anja hanna hanneke joke jannie annie joan jos hannie sjaan
johannes johan: jan hans joop johan han joannes hannes sjaan jo
joannes: jan hans johan
jonathan: jon
josephina josephine: jos fien josje fientje josefien
josephus jozef josef joseph: jos joep sjef jef joop josh
joshua: josh
judith: juut jut
julianus: juul jules julian
karel carolus: carel charles karel sjarel
carolina: lien caroline carry line lina
laurentius laurens: lau rens laurens lars
leonardus leonard: leo leon lennard leendert lenn
ludovicus lodewijk: lou loek louis ludo lode
louisa: wies loes louise
lucas: luc luuk
magdalena: leni magda madelon madeleine lena
marcus: mark marc
margaretha margareta: greet greta marga griet margriet gre margot grietje
maria: marie mia riet ria marijke mieke marja miep rie mies marieke maaike marian rietje
marinus: rien rinus marijn
martinus: martin tinus mart tijn maarten
martina: tineke tina
mattheus matheus matthijs matthias: thijs tijs teun theo matthieu mathijs ties matt mats
mauritius maurits: mau ries maurice
maximiliaan maximilian: max
michael: mike michiel michel
mohammed mohamed mohammad muhammed muhammad: mo moha mohammed mohamed
nathaniel: nathan
nicolaas nicolaus: nico klaas niek claas nick niels nicky
nicole: nikki nicky
oliver olivier: olli ollie
patricia: pat tricia
patricius patrick: pat rick
paulus: paul pauwel
paulina: paula lien pauline
petronella petra: nel ella nelly petra ellen pieternel
petrus pieter: piet peter pete pier pierre
philippus philip: flip phil fil
philomena: mena fil
quirinus: krijn quirijn rien
reinier reinerus: rein rene reinder
richard richardus: rich ries rick
robertus robert: rob bert robbert bob robin
roelof: roel
rosalia: rosa roos lia
rudolf rudolphus: ruud rudi dolf roelof
samuel: sam sammy
samantha: sam
sebastiaan sebastianus: bas seb sebas bastiaan
servatius: servaas vaas
stephanus stefanus: stef steven stephan stefan fanus
stephanie stefanie: stef steffie fanny
susanna: suze sanne suus suzan
sophia: fietje sofie fie sophie
sybrandus: sybren siebren
theodora: dora thea doortje
theodorus: theo dorus door thed
theresia: trees thea treesje therese
thomas: tom tommy
timotheus: tim
tobias: tobi toby
valentinus: val valentijn
victor victorius: vic
victoria: vicky tori
vincentius vincent: vin vince cent
wilhelmina: willy mien mina wil minie ineke willemijn helma wilma willemien
wilhelmus willem wilhelm: wim willy wil will pim helm willem guillermo bill
wouter wouterus: wout walter
yvonne: yvon von
zacharias: zach
""".strip()


def _groups() -> dict[str, frozenset[int]]:
    seen: dict[str, set[int]] = {}
    for number, line in enumerate(_TABLE.splitlines()):
        for name in line.replace(":", " ").split():
            seen.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in seen.items()}


_GROUPS = _groups()
_NONE: frozenset[int] = frozenset()


def call_name(one: str, other: str) -> bool:
    """Whether two forenames (plain words) may be one person's official name and call name."""
    return one != other and bool(_GROUPS.get(one, _NONE) & _GROUPS.get(other, _NONE))
