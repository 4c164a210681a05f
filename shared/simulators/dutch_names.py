"""Names as they occur in Dutch schools, typed by hand with rough weights: given names by origin and sex, surnames by
origin with their tussenvoegsel apart.

`pick_given` and `pick_surname` draw by weight; the same random source gives the same names.
"""

from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Literal

Origin = Literal["dutch", "frisian", "turkish", "moroccan", "polish", "surinamese"]
Sex = Literal["f", "m"]

# share of the students by origin
ORIGINS: dict[Origin, int] = {
    "dutch": 66,
    "frisian": 5,
    "turkish": 9,
    "moroccan": 9,
    "polish": 4,
    "surinamese": 7,
}

# "name*weight", weight 1 when left out
_GIVEN: dict[tuple[str, Sex], str] = {
    ("dutch", "f"): """
        Emma*9 Julia*9 Sophie*8 Anna*8 Lotte*7 Sanne*7 Fleur*7 Eva*7 Isa*6 Lisa*6 Noor*6 Saar*5 Tess*5 Zoë*5 Roos*5
        Femke*5 Anouk*5 Iris*5 Lieke*5 Maud*5 Britt*4 Amber*4 Floor*4 Naomi*4 Esmée*3 Chloé*3 Noëlle*2 Daniëlle*2
        Merel*4 Jasmijn*4 Nina*4 Lynn*4 Feline*3 Elin*3 Evi*4 Liv*4 Mila*5 Nora*4 Sara*5 Olivia*4 Louise*2 Charlotte*3
        Isabel*3 Marit*3 Veerle*3 Puck*3 Pien*3 Hanna*3 Elise*3 Robin*2 Laura*3 Maaike*2 Renée*2 Josephine*2 Aimée*2
        Anne-Fleur Marie-Claire Anne-Sophie Eline*3 Bo*2 Jet*2 Juul*2 Suze*2""",
    ("dutch", "m"): """
        Daan*9 Sem*8 Lucas*8 Levi*7 Finn*7 Bram*7 Thijs*7 Luuk*7 Jesse*7 Lars*7 Milan*6 Tim*6 Ruben*6 Thomas*6 Max*6
        Stijn*6 Sven*5 Niels*5 Jasper*5 Koen*5 Gijs*5 Tijn*5 Julian*5 Noah*6 Mees*5 Teun*4 Hugo*4 Floris*4 Joris*4
        Pepijn*4 Bas*4 Siem*3 Olivier*3 Matthijs*3 Daniël*3 Joël*2 Raphaël*2 Michaël*2 Rémi*1 René*1 Jan*3 Pieter*3
        Willem*3 Hendrik*2 Johannes*2 Cornelis*2 Casper*3 Wessel*3 Rick*3 Nick*3 Mike*3 Kevin*2 Dennis*2 Vincent*2
        Sebastiaan*2 Maximiliaan Alexander*2 Benjamin*3 Jan-Willem Jan-Peter Robert-Jan IJsbrand Guus*3 Mats*3 Tom*5""",
    ("frisian", "f"): "Sietske*3 Fenna*4 Nynke*4 Jildou*3 Femke*3 Sjoukje*2 Froukje*2 Wytske*2 Hiske Anke*2 Tjitske",
    ("frisian", "m"): "Sjoerd*4 Jelle*5 Wiebe*2 Douwe*3 Sybren*2 Tjeerd*2 Hidde*4 Jorrit*3 Fedde*2 Rinse*2 Oebele",
    ("turkish", "f"): """
        Zeynep*5 Elif*5 Ayşe*3 Fatma*2 Esra*3 Büşra*3 Merve*3 Melisa*3 Selin*3 Gülşen Özlem*2 Ebru*2 Dilara*3 Hatice*2
        Yağmur*2 İrem*2 Tuğba Ceren*2 Defne*2 Nisa*2""",
    ("turkish", "m"): """
        Emir*5 Yusuf*5 Mehmet*4 Mustafa*3 Ömer*4 Emre*4 Can*3 Kerem*3 Eren*3 Burak*3 Oğuzhan Çağan Tarık*2 İbrahim*3
        Onur*2 Görkem Hakan*2 Furkan*3 Berkay*2 Deniz*3""",
    ("moroccan", "f"): """
        Fatima*3 Yasmina*3 Salma*4 Nour*4 Amina*4 Hajar*3 Imane*3 Aya*4 Malak*3 Ikram*2 Fatima-Zahra Khadija*2 Soumaya*2
        Samira*2 Naïma*2 Chaïma*2 Dounia*2 Rania*3""",
    ("moroccan", "m"): """
        Mohamed*6 Mohammed*3 Adam*5 Amine*4 Bilal*4 Ayoub*3 Ilyas*4 Rayan*4 Hamza*4 Youssef*4 Soufiane*3 Zakaria*3
        Anass*2 Ismaïl*2 Imran*3 Nabil*2 Reda*2 Abdel-Karim""",
    ("polish", "f"): "Zuzanna*3 Maja*3 Oliwia*3 Aleksandra*2 Małgorzata Wiktoria*3 Agnieszka*2 Julia*2 Łucja Natalia*2",
    ("polish", "m"): "Jakub*3 Szymon*3 Łukasz*2 Kacper*3 Michał*3 Paweł*2 Mateusz*2 Wojciech Filip*3 Antoni*2",
    ("surinamese", "f"): "Shanaya*2 Priya*3 Anjali*2 Chantal*2 Xaviera Rishma*2 Naomi*2 Jennifer*2 Kiran*2 Maritza",
    ("surinamese", "m"): "Rajesh*2 Vikash*2 Giovanni*3 Jeremiah*2 Ravi*3 Dwayne*2 Clyde Ashwin*2 Jairzinho Sunil*2",
    ("adult", "f"): """
        Marieke*5 Ingrid*4 Monique*4 Petra*4 Linda*4 Karin*4 Saskia*4 Esther*4 Annemarie*3 Judith*3 Wilma*3 Mirjam*3
        Hanneke*3 Ellen*3 Yvonne*3 Josée*2 Margriet*3 Bianca*2 Anne-Marie*2 Jolanda*3 Marijke*3 Carolien*2 Els*2 Ria*2
        Nathalie*2 Suzanne*3 Nicole*3 Sandra*3 Manon*2 Ilse*3""",
    ("adult", "m"): """
        Peter*5 Jan*5 Erik*5 Marcel*4 Frank*4 Rob*4 Henk*4 Wim*4 Paul*4 Hans*4 Bert*3 Kees*3 Gerard*3 Ronald*3 Jeroen*4
        Marc*3 Edwin*3 Martijn*4 Arjan*3 Wouter*3 Jaap*2 Piet*2 Joost*3 Bart*3 René*3 André*3 Theo*2 Ton*2 Sander*3
        Maarten*3""",
}  # fmt: skip

# "Surname, tussenvoegsel*weight", separated by semicolons
_SURNAMES: dict[Origin, str] = {
    "dutch": """
        Jong, de*84; Jansen*74; Vries, de*71; Berg, van den*57; Dijk, van*56; Bakker*55; Janssen*54; Visser*50; Smit*42;
        Meijer*38; Boer, de*38; Mulder*36; Groot, de*36; Bos*35; Vos*30; Peters*30; Hendriks*29; Dekker*28;
        Leeuwen, van*28; Brouwer*25; Wit, de*24; Smits*23; Graaf, de*21; Meer, van der*21; Kok*20; Jacobs*20;
        Linden, van der*20; Vermeulen*20; Haan, de*20; Heuvel, van den*20; Broek, van den*18; Veen, van der*18;
        Bruin, de*18; Schouten*17; Beek, van*17; Heijden, van der*17; Bruijn, de*17; Willems*17; Vliet, van*16; Maas*16;
        Verhoeven*16; Koster*15; Dam, van*15; Prins*15; Huisman*15; Blom*15; Peeters*14; Jonge, de*14; Kuipers*14;
        Wal, van der*14; Veen, van*14; Post*14; Kuiper*13; Kramer*13; Brink, van den*13; Scholten*13; Wijk, van*13;
        Martens*12; Vink*12; Ruiter, de*12; Groen*12; Timmermans*12; Ven, van de*12; Gerritsen*12; Jonker*11; Boer*11;
        Loon, van*11; Willemsen*11; Smeets*11; Bosch*11; Lange, de*11; Schipper*11; Dongen, van*11; Koning*11;
        Laan, van der*11; Koning, de*11; Driessen*11; Doorn, van*10; Hermans*10; Evers*10; Velden, van der*10;
        Bosch, van den*10; Hofman*10; Wolters*10; Meulen, van der*10; Bosman*10; Mol*10; Molenaar*10; Sanders*10;
        Kuijpers*10; Horst, van der*10; Leeuw, de*10; Verbeek*9; Stam*9; Kroon*9; Timmer*9; Rooij, de*9; Groeneveld*9;
        Wouters*9; Schaap*9; Haas, de*9; Roos*9; Rijn, van*9; Pronk*8; Koopman*8; Vonk*8; Verhagen*8; Snijders*8;
        Dekkers*8; Es, van*8; Versteeg*8; Velde, van der*8; Burg, van der*8; Hoek, van der*8; Heide, van der*8;
        Ploeg, van der*7; Vliet, van der*7; Kleijn, de*6; Ham, van den*6; Ende, van den*5; Hout, van den*5;
        Veld, in 't*4; Hof, van 't*5; Hoff, van 't*3; Spoel, van der*4; Hul, van der*4; Brinke, ten*3; Horst, ter*4;
        Cate, ten*4; Velde, te*3; Broeke, ten*3; Haar, ter*3; Winkel, te*2; Root, op den*1; Camp, op den*2;
        Zand, van 't*2; IJzerman*3; IJpelaar*2; Dijck, van*3; Eijk, van*6; Wijngaard, van den*4; Rijk, de*3;
        Rijke, de*3; Kruijf, de*4; Kuijper*5; Reijnders*4; Meijerink*3; Oudshoorn*4; Zwart*5; Zwart, de*6; Kooij*4;
        Kooij, van der*4; Poel, van der*5; Steen, van der*5; Berkel, van*5; Hees, van*4; Oers, van*4; Ginkel, van*4;
        Elst, van der*3; Aa, van der*1; Bie, de*3; Goede, de*3; Korte, de*4; Lange*3; Nooijer, de*2; Pater, de*3;
        Bauer*1; Koëter*1; Geërts*1; Coenraadts*1; Daniëls*3; Michiels*4; Engelen*4; Hamers*2; Ceelen*1; Pfeiffer*1""",
    "frisian": """
        Dijkstra*24; Hoekstra*16; Veenstra*13; Postma*12; Bosma*8; Zijlstra*8; Wiersma*7; Terpstra*6; Hoekema*2;
        Jellema*3; Sikkema*3; Kooistra*6; Boonstra*6; Miedema*5; Elzinga*5; Haarsma*3; Sjoerdsma*2; Wielinga*3;
        Fokkema*4; Bouma*5; Feenstra*5; Andringa*2; Reitsma*4; Tamminga*2; Hylkema*2; Wâldstra*1""",
    "turkish": """
        Yılmaz*20; Kaya*16; Demir*15; Çelik*14; Şahin*13; Yıldız*13; Yıldırım*12; Öztürk*12; Aydın*11; Özdemir*10;
        Arslan*10; Doğan*10; Kılıç*9; Aslan*9; Çetin*8; Kara*8; Koç*8; Kurt*8; Özkan*7; Şimşek*7; Polat*6; Korkmaz*6;
        Erdoğan*6; Güneş*6; Bulut*5; Aktaş*5; Taş*4; Güler*4; Ünal*4; Çakır*4""",
    "moroccan": """
        Idrissi, El*8; Amrani, El*8; Bouali*5; Benali*7; Ouali, El*5; Haddad, El*6; Khattabi, El*5; Bakkali, El*6;
        Azzouzi*5; Chaouch*3; Boukhari, El*4; Alaoui*6; Tahiri*5; Bennani*5; Ziani*5; Morabet, El*2; Mansouri, El*5;
        Yacoubi, El*3; Aissati*4; Benhaddou*3; Ouahabi, El*3; Kaddouri*4; Aboutaleb*2; Achahbar*2; Saïdi*4;
        Fassi, El*3""",
    "polish": """
        Nowak*10; Kowalski*8; Wiśniewski*7; Wójcik*6; Kowalczyk*6; Kamiński*5; Lewandowski*5; Zieliński*5; Szymański*4;
        Woźniak*4; Dąbrowski*4; Kozłowski*4; Jabłoński*3; Król*3; Wróbel*3; Piątek*2""",
    "surinamese": """
        Ramdin*4; Jagroep*3; Bhagwandin*4; Pinas*4; Kartosen*2; Soekhoe*3; Mahabier*4; Ramlal*4; Sewnarain*2;
        Wijngaarde*3; Baidjoe*3; Autar*2; Pengel*3; Tjon A Fat*2; Lie A Tjam*1; Vriesde*3; Kromosoeto*2; Ganpat*3;
        Mangal*3; Rozenblad*3; Biervliet*2; Souza, D'*2; Zichem*1; Doekhi*2""",
}

# official given name → what the pupil is called
ROEPNAMEN = {
    "Johannes": "Jan", "Cornelis": "Kees", "Hendrik": "Henk", "Willem": "Wim", "Sebastiaan": "Bas", "Matthijs": "Thijs",
    "Alexander": "Lex", "Maximiliaan": "Max", "Daniël": "Daan", "Elisabeth": "Lisa", "Catharina": "Karin",
    "Johanna": "Hanneke", "Margaretha": "Greet", "Wilhelmina": "Mina", "Petronella": "Nel", "Josephine": "Fien",
    "Mohammed": "Mo", "Aleksandra": "Ola", "Zuzanna": "Zuza", "Giovanni": "Gio",
}  # fmt: skip


@lru_cache(maxsize=32)
def given_names(group: str, sex: Sex) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Names and running sums of their weights. Groups are the origins and "adult" (Dutch teachers)."""
    return _weighted(_GIVEN[group, sex].split())


@lru_cache(maxsize=8)
def surnames(origin: Origin) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Surnames as "Berg, van den", and running sums of their weights."""
    return _weighted(_SURNAMES[origin].split(";"))


def pick_given(rng: Random, group: str, sex: Sex) -> str:
    names, sums = given_names(group, sex)
    return rng.choices(names, cum_weights=sums)[0]


def pick_surname(rng: Random, origin: Origin) -> tuple[str, str]:
    """Tussenvoegsel ("" for none) and surname."""
    names, sums = surnames(origin)
    surname, _, prefix = rng.choices(names, cum_weights=sums)[0].partition(", ")
    return prefix, surname


def pick_origin(rng: Random) -> Origin:
    return rng.choices(tuple(ORIGINS), weights=tuple(ORIGINS.values()))[0]


def _weighted(entries: list[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    pairs = [entry.strip().partition("*") for entry in entries]
    return tuple(name for name, _, _ in pairs), tuple(accumulate(int(weight or 1) for _, _, weight in pairs))
