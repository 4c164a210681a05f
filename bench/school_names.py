"""Believable Dutch school names, typed by hand and put together: enough that two strangers seldom share one.

Roughly as in a Dutch school: some names often, a long tail of rare ones, and families from Turkey, Morocco and Poland.
"""

import random


def _words(text: str) -> list[str]:
    return text.split()


GIVEN = _words("""
    Emma Julia Mila Tess Sophie Zoë Sara Nora Yara Eva Lotte Anna Saar Lauren Lieke Noor Fenna Lynn Isa Maud
    Nina Liv Fleur Sofie Elin Olivia Evi Loïs Roos Hailey Lena Jasmijn Sanne Vera Feline Floor Isabel Femke
    Anouk Bente Britt Carlijn Danique Demi Eline Elise Esmée Fiene Guusje Hanna Indy Iris Jade Janna Jolie
    Juliette Kate Lara Laura Lisa Lise Livia Luna Maria Marit Merel Milou Mirthe Naomi Noë Norah Philou Puck
    Rosalie Rosie Sienna Silke Suze Sterre Tirza Veerle Wies Ylva Yfke Amber Noah Daan Lucas Levi Sem Finn James
    Milan Luuk Liam Bram Mees Thijs Adam Sam Thomas Max Jesse Benjamin Julian Lars Ruben Hugo Gijs Jens Stijn
    Tim Siem Teun Mats Guus Floris Joep Jurre Olivier Dex Owen Cas Jack Boaz Tobias Sepp Pepijn Abel Vince
    Morris Tygo Quinn Koen Xavi Rayan Ties Tijn David Niek Roan Jasper Job Simon Kai Jelle Rens Ryan Mick Jayden
    Ivan Oscar Stan Sven Wout Aron Bas Berend Casper Dirk Douwe Elias Fedde Fabian Gerben Hidde Ids Jorn Kjell
    Melle Niels Pim René Sietse Tjeerd Joost Wessel Wiebe Björn Jérôme Daniël Raphaël Chloé Renée Amélie Anaïs
    Maartje Marloes Manon Ilse Inge Judith Karin Margreet Marjolein Petra Tineke Wendy Yvonne Astrid Carla
    Corine Desirée Ellen Esther Gerda Hester Ingrid Jolanda Lianne Mieke Monique Natasja Renate Saskia Sonja
    Suzan Thea Trudy Wilma Arjen Arnoud Bart Bob Edwin Erik Frank Freek Gerard Hans Harm Ivo Jaap Jeroen Joris
    Kees Leo Maarten Marcel Mark Martijn Michel Paul Peter Pieter Remco Rob Roel Ronald Sander Sjoerd Stefan
    Theo Wim
""")
OFFICIAL = {
    "Johannes": "Jan Hans", "Johanna": "Anja Joke", "Cornelis": "Kees Cor", "Cornelia": "Corrie",
    "Wilhelmus": "Wim", "Wilhelmina": "Willy Mien", "Hendrikus": "Henk", "Hendrik": "Henk", "Hendrika": "Riek",
    "Petrus": "Piet Peter", "Jacobus": "Jaap Koos", "Maria": "Marieke Ria Mieke", "Elisabeth": "Els Liesbeth",
    "Catharina": "Karin Tine", "Franciscus": "Frans", "Antonius": "Ton Toon", "Gerardus": "Gerard Geert",
    "Theodorus": "Theo", "Adrianus": "Ad", "Margaretha": "Margriet Greet", "Alexander": "Sander Alex",
    "Nicolaas": "Klaas Nico", "Mattheus": "Thijs", "Sebastiaan": "Bas", "Christiaan": "Chris",
    "Elizabeth": "Lisa Betsy", "Geertruida": "Truus", "Michiel": "Giel", "Katharina": "Kaatje", "Johan": "Joop",
    "Leonardus": "Leo Leon", "Robertus": "Rob", "Wilhelmine": "Pien", "Josephus": "Sjef",
}  # fmt: skip
GIVEN_TURKISH = _words("""
    Emir Yusuf Ömer Mert Çağlar Umut Barış Gökhan Kerem Oğuz Zeynep Elif Ayşe Şeyma İrem Gülsüm Büşra Özlem Esra
    Tuğba
""")
GIVEN_MOROCCAN = _words("""
    Mohammed Youssef Ayoub Bilal Ilyas Hamza Soufiane Anass Zakaria Imane Salma Hajar Nisrine Fatima Khadija
    Chaimae Rania Meryem
""")
GIVEN_POLISH = _words("""
    Łukasz Paweł Michał Wojciech Kacper Jakub Stanisław Zofia Małgorzata Agnieszka Zuzanna Oliwia Maja Świetlana
    Bożena
""")
SURNAME_TURKISH = _words("""
    Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç
    Kurt Özkan Şimşek Güneş Ünal Işık Erdoğan
""")
SURNAME_MOROCCAN = _words("""
    Benali Bouali Amrani Alaoui Haddou Azzouzi Bakkali Ouali Chaoui Mansouri Idrissi Yacoubi Zerouali Bennani
    Tahiri Rahmani Fassi Boukhari Aarab Najib
""")
SURNAME_POLISH = _words("""
    Nowak Kowalski Wiśniewski Wójcik Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski
    Jabłoński Król Wróbel Piątek
""")
# "_" stands for the space behind a prefix.
COMMON = [
    name.replace("_", " ")
    for name in _words("""
    de_Jong Jansen de_Vries van_den_Berg van_Dijk Bakker Janssen Visser Smit Meijer de_Boer Mulder de_Groot Bos
    Vos Peters Hendriks van_Leeuwen Dekker Brouwer de_Wit Dijkstra Smits de_Graaf van_der_Meer van_der_Linden
    Kok Jacobs de_Haan Vermeulen van_den_Heuvel van_der_Veen van_den_Broek de_Bruijn de_Bruin van_der_Heijden
    Schouten van_Beek Willems van_Vliet van_de_Ven Hoekstra Maas Verhoeven Koster van_Dam van_der_Wal Prins Blom
    Huisman Peeters de_Jonge Kuipers van_Veen Post Kuiper Veenstra Kramer van_den_Brink Scholten van_Wijk Postma
    Martens Vink de_Ruiter Timmermans Groen Gerritsen Jonker van_Loon Boer van_der_Velde Willemsen Smeets
    de_Lange de_Vos Bosch van_Dongen Schipper de_Koning van_der_Laan Koning van_der_Velden Driessen van_Doorn
    Hermans Evers van_den_Bosch van_der_Pol Ijzerman in_'t_Veld van_'t_Hof 't_Hart op_den_Akker van_'t_Hoff
    d'Ancona ten_Brink ter_Horst
""")
]
PREFIXES = ("", "", "", "", "", "", "van ", "van ", "de ", "van der ", "van de ", "van den ", "ter ", "ten ", "van 't ")
STEMS = _words("""
    Aal Aker Amel Apel Arn Bar Beek Bel Berg Bier Bloem Boek Bol Boom Bor Bos Braam Brand Breu Broek Brui Buit
    Cam Dal Dam Diep Dijk Doorn Dor Drie Duin Eek Eer Eik Elf Els En Erk Es Fok Gaast Geer Gel Ger Gijs Goed
    Graaf Gras Groen Groot Haan Haar Hag Ham Har Hart Haven Heem Heer Heide Hek Hel Hem Hen Heu Hoef Hoek Hof
    Hol Hoog Horst Houd Huis Iep IJs Jong Kal Kamp Kap Kat Keer Kem Ker Kes Klein Kley Kloos Kol Kool Koop Kor
    Kort Kra Krom Kui Kuil Laar Lam Land Lang Leeuw Lem Lin Loo Lub Maal Maas Mar Meer Mei Mier Moer Mol Mooi
    Mui Naal Nie Nij Noord Oever Ol Oost Op Oud Over Paal Pee Pel Pol Poort Pot Pui Raaf Ree Riet Rijn Rog Roo
    Rot Rui Schaap Schil Schoon Sen Sil Slo Smal Snel Spaar Spier Staal Steen Ster Stok Straat Sui Tak Tem Til
    Tol Uil Val Veen Vel Ven Ver Vlie Vlas Voor Vree Vuur Waal Wag Wal War Water Wei Wel Wer West Wie Wijn Wil
    Win Wol Woud Zaal Zand Zee Zijl Zoet Zuid Zwaan Zwart
""")
ENDINGS = _words("""
    stra sma inga man mans huis kamp veld berg burg dijk hof hoven horst laar land meijer meer ma brink broek
    beek ing ink stee wijk voort water aard ema ens sen sens ers kens zoon scha sink mont tink haver wold
""")


def common_or_rare(rng: random.Random, names: list[str]) -> str:
    """One of `names`, those in front far more often."""
    return names[min(int(rng.paretovariate(0.55) * 6) - 6, rng.randrange(len(names)))]


def surname(rng: random.Random) -> tuple[str, str]:
    """Prefix (tussenvoegsel, often "") and surname."""
    made = rng.choice(PREFIXES) + rng.choice(STEMS) + rng.choice(ENDINGS)
    name = rng.choice(COMMON) if rng.random() < 0.16 else made
    words = name.split(" ")
    cut = next((place for place, word in enumerate(words) if word[:1].isupper()), 0)
    return " ".join(words[:cut]), " ".join(words[cut:])
