"""Small word lists the patterns stand on. Each is open-ended by nature; patterns use them to decide, not to limit."""

from imprint.detect.words import words


def word_set(text: str) -> frozenset[str]:
    """Comma-separated entries over any number of lines."""
    return frozenset(words(" ".join(text.split()), ","))


ANIMALS = word_set("""dog, cat, rabbit, bunny, hamster, guinea pig, gerbil, rat, mouse, ferret, parrot, budgie,
cockatiel, canary, parakeet, goldfish, fish, tortoise, turtle, terrapin, snake, python, corn snake, gecko, lizard,
iguana, bearded dragon, axolotl, tarantula, spider, horse, pony, donkey, goat, sheep, pig, cow, chicken, hen,
rooster, duck, goose, bee, kitten, puppy, pup, doggo, pooch, mutt, hedgehog, chinchilla, frog, newt, stick insect,
llama, alpaca, pigeon, macaw, cockatoo, mongoose, hound, whippet, greyhound, kitty, tomcat, lurcher, snail""")
BREEDS = {
    "dog": word_set("""labrador, lab, golden retriever, retriever, border collie, collie, poodle, cockapoo, labradoodle,
cavapoo, goldendoodle, beagle, whippet, greyhound, lurcher, terrier, jack russell, border terrier, staffie, staffy,
staffordshire bull terrier, bulldog, french bulldog, frenchie, pug, dachshund, sausage dog, corgi, husky, german
shepherd, alsatian, spaniel, cocker spaniel, springer spaniel, springer, boxer, rottweiler, chihuahua, shih tzu,
schnauzer, dalmatian, great dane, vizsla, weimaraner, pointer, setter, mastiff, pomeranian, maltese, samoyed, akita,
shiba inu, shiba, saluki, basset hound, westie, yorkie, yorkshire terrier, cavalier, newfoundland, st bernard,
bernese, galgo, podenco, pitbull, doberman, malinois, sheepdog, kelpie, bichon frise, lhasa apso, havanese, rescue
greyhound"""),
    "cat": word_set("""tabby, tortie, siamese, maine coon, persian, ragdoll, bengal, british shorthair, sphynx, russian
blue, burmese, tortoiseshell, calico, tuxedo cat, norwegian forest cat, birman, abyssinian, ginger tom, moggy"""),
    "horse": word_set(
        "cob, shetland, arab, thoroughbred, clydesdale, connemara, haflinger, icelandic, welsh cob, fjord"
    ),
    "rabbit": word_set("lionhead, lop, mini lop, netherland dwarf, dutch rabbit, flemish giant"),
}
PARTNERS = word_set("""wife, husband, partner, girlfriend, boyfriend, fiancé, fiancée, fiance, fiancee, spouse, missus,
mrs, fella, hubby, other half, better half, wifey""")
KIN = word_set("""mum, mom, mam, mummy, mother, dad, daddy, father, sister, brother, sis, bro, son, daughter, aunt,
auntie, aunty, uncle, cousin, niece, nephew, grandma, grandmother, gran, granny, nan, nana, grandad, granddad,
grandpa, grandfather, stepmum, stepmom, stepdad, stepmother, stepfather, stepsister, stepbrother, stepson,
stepdaughter, half-sister, half-brother, mother-in-law, father-in-law, sister-in-law, brother-in-law, mother in law,
father in law, sister in law, brother in law, twin, twin sister, twin brother, godson, goddaughter, godmother,
godfather, grandson, granddaughter, grandchild, baby, kid, child, toddler, stepkid, ex, ex-wife, ex-husband,
in-laws, parents, twins, kids, children, sisters, brothers, sons, daughters, lad, lads, boys, girls, grandkids,
grandchildren, cousins, little one, eldest, youngest, oldest, middle one, abuela, oma, opa, baba, babushka, nonna,
nonno""")
ACQUAINTANCES = word_set("""colleague, coworker, co-worker, flatmate, housemate, roommate, landlord, landlady, coach,
tutor, supervisor, teacher, therapist, physio, hairdresser, dentist, doctor, pen pal, penpal, lodger, tenant,
business partner, bandmate, nanny, childminder, cleaner, apprentice""")
FRIENDS = word_set(
    "friend, best friend, mate, best mate, pal, buddy, oldest friend, old friend, closest friend, good friend, "
    "childhood friend"
)
NEIGHBOURS = word_set("neighbour, next-door neighbour, upstairs neighbour, downstairs neighbour")
BOSSES = word_set("boss, manager, line manager, team lead, gaffer")
FEMALE = word_set("""wife, mrs, girlfriend, fiancée, fiancee, missus, wifey, mum, mom, mam, mummy, mother, sister, sis,
daughter, aunt, auntie, aunty, niece, grandma, grandmother, gran, granny, nan, nana, stepmum, stepmom, stepmother,
stepsister, stepdaughter, half-sister, mother-in-law, sister-in-law, mother in law, sister in law, twin sister,
goddaughter, godmother, granddaughter, ex-wife, landlady, abuela, oma, babushka, nonna""")
MALE = word_set("""husband, boyfriend, fiancé, hubby, dad, daddy, father, brother, bro, son, lad, uncle, nephew,
grandad, granddad, grandpa, grandfather, stepdad, stepfather, stepbrother, stepson, half-brother, father-in-law,
brother-in-law, father in law, brother in law, twin brother, godson, godfather, grandson, ex-husband, landlord, opa,
nonno""")

JOBS = word_set("""nurse, teacher, doctor, barista, chef, cook, driver, bus driver, lorry driver, taxi driver, plumber,
electrician, carpenter, joiner, welder, vet, vet nurse, veterinary nurse, dentist, hygienist, paramedic, midwife,
pharmacist, physio, physiotherapist, surgeon, gp, lawyer, solicitor, barrister, paralegal, accountant, bookkeeper,
analyst, data analyst, data scientist, scientist, engineer, software engineer, developer, web developer, programmer,
coder, designer, graphic designer, illustrator, artist, painter, sculptor, potter, photographer, videographer,
filmmaker, director, actor, actress, dancer, musician, composer, producer, journalist, editor, writer, copywriter,
author, poet, translator, interpreter, librarian, archivist, curator, historian, architect, surveyor, builder,
bricklayer, roofer, plasterer, decorator, gardener, landscaper, farmer, shepherd, fisherman, forester, tree surgeon,
beekeeper, baker, butcher, brewer, bartender, barman, barmaid, waiter, waitress, sommelier, hairdresser, barber,
beautician, tattooist, tattoo artist, tailor, seamstress, cobbler, florist, jeweller, shopkeeper, shop assistant,
cashier, salesman, saleswoman, sales rep, estate agent, realtor, banker, broker, actuary, economist, consultant,
manager, project manager, product manager, shop manager, office manager, secretary, receptionist, pa, clerk, civil
servant, councillor, politician, diplomat, police officer, policeman, policewoman, detective, firefighter, fireman,
soldier, sailor, pilot, flight attendant, steward, air traffic controller, train driver, conductor, postman,
postwoman, postie, courier, mechanic, technician, lab technician, machinist, cleaner, caretaker, janitor, security
guard, bouncer, lifeguard, coach, personal trainer, fitness instructor, yoga teacher, swimming teacher, piano
teacher, tutor, lecturer, professor, researcher, postdoc, phd student, teaching assistant, nursery nurse, nanny,
childminder, carer, care worker, social worker, counsellor, psychologist, psychiatrist, therapist, speech therapist,
occupational therapist, radiographer, optician, optometrist, chiropractor, osteopath, nutritionist, dietitian,
chemist, biologist, marine biologist, physicist, geologist, astronomer, mathematician, statistician, meteorologist,
zookeeper, park ranger, ranger, stuntman, comedian, dj, singer, priest, vicar, pastor, imam, rabbi, nun, monk,
judge, magistrate, locksmith, blacksmith, glazier, upholsterer, furniture maker, luthier, watchmaker, sign painter,
signwriter, tour guide, travel agent, hotel manager, housekeeper, sysadmin, devops engineer, it consultant,
electronics engineer, civil engineer, mechanical engineer, structural engineer, ux designer, interior designer,
fashion designer, game developer, animator, recruiter, hr manager, headteacher, primary school teacher, maths
teacher, science teacher, music teacher, english teacher, freelancer, stay-at-home mum, stay-at-home dad, stay at
home mum, stay at home dad, housewife, homemaker, student, nursing student, medical student, law student, trainee,
apprentice, intern, junior doctor, registrar, au pair, dog walker, dog groomer, groom, stable hand, jockey, crane
operator, forklift driver, warehouse operative, call centre agent, customer service rep, undertaker, funeral
director, glassblower, ceramicist, weaver, puppeteer, clown, magician, sound engineer, roadie, stage manager, set
designer, proofreader, content creator, streamer, youtuber, entrepreneur, ceo, cto, founder, trader, auditor,
underwriter, tax advisor""")
JOB_ENDINGS = (
    "ologist",
    "ographer",
    "iatrist",
    "ician",
    "keeper",
    "maker",
    "worker",
    "engineer",
    "manager",
    "officer",
    "operator",
    "assistant",
    "technician",
    "therapist",
    "instructor",
    "specialist",
    "consultant",
    "designer",
    "developer",
    "analyst",
    "driver",
    "teacher",
    "nurse",
    "smith",
    "wright",
    "man",
    "woman",
    "installer",
    "inspector",
    "adviser",
    "advisor",
    "coordinator",
    "administrator",
    "executive",
    "agent",
    "lead",
    "director",
    "scientist",
    "surgeon",
    "guide",
    "guard",
    "chef",
    "cook",
    "hand",
    "cleaner",
    "trainer",
    "tutor",
    "builder",
    "fitter",
    "buyer",
    "planner",
    "writer",
    "editor",
    "artist",
    "librarian",
    "practitioner",
    "clerk",
    "apprentice",
    "attendant",
    "walker",
    "groomer",
    "seller",
    "dealer",
    "merchant",
    "monger",
    "planter",
    "restorer",
    "tuner",
    "framer",
    "binder",
    "roaster",
)
NOT_JOBS = word_set("""person, fan, lover, man, woman, guy, girl, boy, beginner, member, owner, parent, mother, father,
mum, dad, mom, gran, human, adult, native, believer, drinker, eater, smoker, reader, runner, swimmer, cyclist,
gamer, climber, hiker, walker, skier, surfer, sucker, fighter, sleeper, winner, loser, stranger, dreamer, worrier,
talker, listener, learner, early riser, night owl, morning person, customer, user, number, hoarder, bit, creature,
twin, sister, brother, vegetarian, vegan, pescatarian, collector, knitter, supporter, follower, regular, subscriber,
teenager, pensioner, foreigner, big eater, newcomer, widow, widower, mess, wreck, idiot, genius, nerd, geek, snob,
addict, nut, junkie, freak, enthusiast, wimp, coward, hypochondriac, procrastinator, perfectionist, introvert,
extrovert, minimalist, sagittarius, scorpio, gemini, taurus, aries, leo, virgo, libra, pisces, aquarius, capricorn,
cancer, kid, child, christian, catholic, muslim, buddhist, tenant, renter, homeowner, resident, lot, day person, tea
person, coffee person, dog person, cat person, people person, grown man, single mother, single mum, woman of few
words""")

LANGUAGES = word_set("""english, welsh, irish, gaelic, scots gaelic, french, german, spanish, portuguese, italian,
dutch, flemish, danish, swedish, norwegian, finnish, icelandic, polish, czech, slovak, hungarian, romanian,
bulgarian, greek, turkish, russian, ukrainian, lithuanian, latvian, estonian, croatian, serbian, bosnian, slovenian,
albanian, macedonian, arabic, hebrew, farsi, persian, kurdish, urdu, hindi, punjabi, bengali, gujarati, tamil,
telugu, marathi, malayalam, kannada, sinhala, nepali, pashto, mandarin, cantonese, chinese, japanese, korean,
vietnamese, thai, tagalog, malay, indonesian, swahili, yoruba, igbo, hausa, amharic, somali, zulu, xhosa, afrikaans,
shona, twi, maltese, basque, catalan, galician, breton, cornish, manx, esperanto, latin, bsl, asl, sign language,
british sign language, brazilian portuguese, scottish gaelic, yiddish, georgian, armenian, mongolian, khmer, lao,
burmese, tibetan, quechua, maori, hawaiian, filipino, luxembourgish""")
NATIONALITIES = word_set("""english, welsh, irish, scottish, british, french, german, spanish, portuguese, italian,
dutch, belgian, swiss, austrian, danish, swedish, norwegian, finnish, icelandic, polish, czech, slovak, hungarian,
romanian, bulgarian, greek, turkish, russian, ukrainian, lithuanian, latvian, estonian, croatian, serbian, bosnian,
slovenian, albanian, moroccan, algerian, tunisian, egyptian, lebanese, syrian, iraqi, iranian, persian, kurdish,
israeli, palestinian, saudi, pakistani, indian, bangladeshi, sri lankan, nepali, afghan, chinese, taiwanese,
japanese, korean, south korean, vietnamese, thai, filipino, malaysian, indonesian, singaporean, australian, kiwi,
american, canadian, mexican, cuban, jamaican, brazilian, argentinian, chilean, peruvian, colombian, venezuelan,
bolivian, nigerian, ghanaian, kenyan, ugandan, tanzanian, ethiopian, eritrean, somali, south african, zimbabwean,
zambian, senegalese, cameroonian, congolese, maltese, cypriot, georgian, armenian, basque, catalan, sicilian,
bavarian, northern irish, punjabi, tamil, a scot, a geordie, a scouser, a londoner, a kiwi, a mancunian, a
glaswegian, a dubliner, a yorkshireman, a cockney, a brit, a swede, a dane, a finn, a pole, a turk""")

INSTRUMENTS = word_set("""guitar, acoustic guitar, electric guitar, bass guitar, bass, double bass, piano, keyboard,
keyboards, drums, cello, violin, viola, fiddle, flute, clarinet, oboe, bassoon, saxophone, sax, alto sax, tenor sax,
trumpet, trombone, tuba, french horn, horn, cornet, euphonium, harp, ukulele, banjo, mandolin, accordion,
concertina, harmonica, recorder, tin whistle, bagpipes, bodhran, organ, sitar, tabla, oud, synth, synthesiser,
bongos, djembe, lute, theremin, xylophone, marimba, percussion, bouzouki, kora, melodica, pipes, erhu, koto, lyre,
hurdy-gurdy, uilleann pipes""")
SPORTS = word_set("""mma, f1, formula one, motogp, football, five-a-side, 5-a-side, five a side, soccer, rugby, cricket,
tennis, table tennis, ping pong, badminton, squash, padel, pickleball, netball, basketball, volleyball, hockey, ice
hockey, golf, bowls, darts, snooker, pool, baseball, softball, lacrosse, handball, water polo, polo, ultimate
frisbee, ultimate, frisbee, hurling, gaelic football, camogie, futsal, shinty, running, swimming, cycling, rowing,
climbing, bouldering, boxing, kickboxing, judo, karate, taekwondo, aikido, jiu jitsu, jiu-jitsu, bjj, muay thai,
fencing, archery, gymnastics, trampolining, skating, figure skating, roller derby, skateboarding, skiing,
snowboarding, surfing, bodyboarding, windsurfing, kitesurfing, sailing, kayaking, canoeing, paddleboarding, wild
swimming, open water swimming, triathlon, triathlons, athletics, crossfit, weightlifting, powerlifting, weights,
horse riding, riding, mountain biking, orienteering, parkour, diving, scuba diving, freediving, spinning, spin,
yoga, pilates, zumba, aerobics, parkrun, marathons, fell running, trail running, bowling, curling, wrestling,
capoeira, tai chi, hiit, circuits, cross-country, rounders, croquet, petanque, korfball, dodgeball, quidditch,
floorball, kendo, aquafit, cross country skiing, dressage, motocross, karting, bmx""")
HOBBIES = word_set("""knitting, crochet, crocheting, sewing, quilting, embroidery, pottery, ceramics, painting,
watercolours, watercolour, drawing, sketching, calligraphy, woodwork, woodworking, carving, whittling, gardening,
baking, cooking, photography, birdwatching, bird watching, birding, fishing, fly fishing, camping, hiking, walking,
hillwalking, foraging, astronomy, stargazing, chess, gaming, board games, puzzles, jigsaws, crosswords, sudoku,
origami, model trains, model making, lego, reading, writing, poetry, blogging, journaling, scrapbooking, stamp
collecting, coin collecting, genealogy, metal detecting, magic, juggling, singing, choir, dancing, salsa, tango,
ballet, tap, line dancing, swing dancing, ceilidh, improv, amateur dramatics, stand-up, drama, theatre, brewing,
homebrewing, beekeeping, allotment, geocaching, bread making, cheese making, candle making, soap making, jewellery
making, upholstery, restoring furniture, coding, electronics, ham radio, amateur radio, 3d printing, robotics,
volunteering, meditation, dungeons and dragons, d&d, dnd, warhammer, poker, bridge, bell ringing, kite flying, drone
flying, macrame, weaving, spinning wool, glassblowing, printmaking, life drawing, book club, pub quiz, urban
sketching, mushroom picking, houseplants, bonsai, cosplay, larping, escape rooms, karaoke, djing, beatboxing, film
photography, needlepoint, cross stitch, cross-stitch, vinyl, tabletop games, lino printing""")
GAMES = word_set("""chess, go, poker, bridge, scrabble, monopoly, catan, carcassonne, backgammon, dominoes, draughts,
mahjong, zelda, mario kart, minecraft, tetris, fifa, fortnite, the sims, sims, stardew valley, animal crossing,
skyrim, dark souls, elden ring, overwatch, counter-strike, league of legends, dota, world of warcraft, wow,
civilization, civ, pokemon, pokémon, dungeons and dragons, d&d, dnd, warhammer, magic the gathering, wordle, sudoku,
solitaire, cards, video games, board games, computer games, strategy games, card games, rpgs, puzzle games, games,
uno, risk, ludo, cluedo, wingspan, crossword, crosswords, roguelikes, platformers, shooters, souls games, hollow
knight, baldur's gate, portal, half-life, factorio, rimworld, valorant, apex, gloomhaven, ticket to ride, azul,
cribbage, rummy, hearts, jigsaws""")

CAR_MAKES = word_set("""fiat, ford, vauxhall, opel, volkswagen, vw, audi, bmw, mercedes, toyota, honda, nissan, mazda,
subaru, mitsubishi, suzuki, hyundai, kia, skoda, seat, renault, peugeot, citroen, citroën, dacia, volvo, saab, mini,
jaguar, land rover, range rover, tesla, lexus, jeep, chevrolet, chevy, dodge, porsche, alfa romeo, smart, mg, lada,
morris minor, rover, bentley, polestar, byd, cupra, panda, golf, polo, corsa, astra, fiesta, focus, yaris, corolla,
prius, civic, micra, clio, twingo, beetle, passat, qashqai, leaf, zoe, cinquecento, transit, berlingo, kangoo,
duster, sandero, octavia, fabia, aygo, camry, defender, octavia estate, triumph, vespa, lambretta, ducati, kawasaki,
yamaha, royal enfield, harley, harley-davidson, piaggio, campervan, micro, ka, 2cv, picasso, beemer, merc, buick,
cadillac, gmc, hilux, model 3, model y""")
VEHICLES = word_set("""car, van, campervan, camper van, camper, truck, lorry, pickup, jeep, estate, hatchback, saloon,
motorbike, motorcycle, moped, scooter, minivan, people carrier, suv, tractor, convertible, electric car, minibus,
bus, taxi, 4x4, ute, motorhome""")
BIKES = word_set(
    "bike, bicycle, road bike, mountain bike, e-bike, ebike, folding bike, cargo bike, gravel bike, touring bike, "
    "tandem, racer, trike, fixie, brompton"
)
BIKE_MAKES = word_set(
    "brompton, raleigh, trek, specialized, giant, cannondale, bianchi, dawes, cube, scott, canyon, ribble, genesis, "
    "surly, pashley, boardman, gazelle, batavus"
)
PHONES = word_set(
    "phone, mobile, mobile phone, iphone, android, pixel, galaxy, samsung, nokia, fairphone, oneplus, motorola, "
    "huawei, xiaomi, blackberry, google pixel, samsung galaxy, smartphone, flip phone, dumbphone"
)
COMPUTERS = word_set(
    "laptop, macbook, imac, mac, thinkpad, chromebook, desktop, pc, dell, lenovo, surface, mac mini, raspberry pi, "
    "framework, linux box, gaming pc, computer, hp, asus, acer, ipad"
)

HEALTH = word_set("""asthma, diabetes, type 1 diabetes, type 2 diabetes, epilepsy, migraines, migraine, eczema,
psoriasis, hay fever, hayfever, arthritis, adhd, add, autism, dyslexia, dyspraxia, tinnitus, ibs, crohn's, crohns,
crohn's disease, colitis, coeliac disease, celiac disease, high blood pressure, low blood pressure, a heart
condition, anxiety, depression, ocd, ptsd, insomnia, sleep apnoea, sleep apnea, scoliosis, sciatica, a bad back, a
bad knee, bad knees, a dodgy knee, a dodgy hip, back problems, back pain, chronic pain, chronic fatigue,
fibromyalgia, endometriosis, pcos, anaemia, anemia, high cholesterol, gout, vertigo, ms, multiple sclerosis, cystic
fibrosis, lupus, acid reflux, reflux, glaucoma, cataracts, a pacemaker, a hearing aid, hearing aids, an underactive
thyroid, a thyroid condition, thyroid problems, long covid, raynaud's, pots, bipolar, bipolar disorder, flat feet, a
stammer, a stutter, face blindness, aphantasia, parkinson's, osteoporosis, a slipped disc, heartburn, seasonal
affective disorder, sad, restless legs, narcolepsy, misophonia, hypothyroidism, a latex allergy, rheumatoid
arthritis, a prosthetic leg, tennis elbow, carpal tunnel, rsi, astigmatism, rosacea, vitiligo, a bad hip, a bad
shoulder, a bad ankle, plantar fasciitis""")
HEALTH_ADJECTIVES = word_set("""diabetic, asthmatic, dyslexic, dyspraxic, autistic, epileptic, anaemic, anemic,
colour-blind, colourblind, colour blind, color blind, colorblind, deaf, partially deaf, hard of hearing, blind,
partially sighted, short-sighted, shortsighted, long-sighted, coeliac, celiac, a coeliac, a celiac, a type 1
diabetic, a type 2 diabetic, a diabetic, an asthmatic, type 1 diabetic, type 2 diabetic, an insomniac, bipolar,
neurodivergent, double-jointed, in remission, a wheelchair user, in a wheelchair, prone to migraines""")
DIETS = word_set("""vegan, vegetarian, veggie, pescatarian, pescetarian, plant-based, plant based, keto, paleo, halal,
kosher, gluten-free, gluten free, dairy-free, dairy free, low-carb, low carb, flexitarian, sugar-free, sugar free,
fodmap, low fodmap, raw food, mediterranean, fruitarian, carnivore, intermittent fasting, low-sodium, low salt,
nut-free, omnivore, macrobiotic""")
RELIGIONS = word_set("""christian, catholic, protestant, muslim, jewish, hindu, sikh, buddhist, atheist, agnostic,
quaker, baptist, methodist, anglican, orthodox, mormon, pagan, wiccan, jain, zoroastrian, bahai, baha'i, lutheran,
presbyterian, pentecostal, jehovah's witness, greek orthodox, russian orthodox, humanist, taoist, shinto, church of
england, unitarian, roman catholic, evangelical, shia, sunni, sufi, rastafarian""")
CLUBS = word_set("""arsenal, chelsea, liverpool, everton, spurs, tottenham, leeds, leeds united, man united, man utd,
manchester united, man city, manchester city, aston villa, villa, newcastle, newcastle united, west ham, sunderland,
middlesbrough, sheffield wednesday, sheffield united, crystal palace, palace, brighton, fulham, brentford, wolves,
leicester, leicester city, norwich, norwich city, ipswich, celtic, rangers, hibs, hearts, aberdeen fc, barcelona,
barca, real madrid, atletico, juventus, juve, inter, ac milan, roma, napoli, benfica, porto, sporting, ajax,
feyenoord, psv, bayern, bayern munich, dortmund, st pauli, union berlin, psg, marseille, lyon, galatasaray,
besiktas, fenerbahce, boca juniors, river plate, flamengo, lakers, celtics, bulls, knicks, warriors, yankees, red
sox, mets, cubs, dodgers, packers, cowboys, steelers, eagles, patriots, giants, leinster, munster, all blacks,
mumbai indians, bath rugby, wasps, saracens, leafs, canadiens, bruins, swansea, cardiff city, wrexham, plymouth
argyle, argyle, bristol city, bristol rovers, derby county, nottingham forest, forest, stoke, burnley, blackburn,
bolton, preston, millwall, charlton, portsmouth, southampton, bohemians, shamrock rovers""")
AGENTS = {
    "runner": "running",
    "cyclist": "cycling",
    "swimmer": "swimming",
    "climber": "climbing",
    "hiker": "hiking",
    "walker": "walking",
    "gardener": "gardening",
    "baker": "baking",
    "knitter": "knitting",
    "photographer": "photography",
    "birdwatcher": "birdwatching",
    "birder": "birding",
    "gamer": "gaming",
    "reader": "reading",
    "cook": "cooking",
    "painter": "painting",
    "potter": "pottery",
    "skier": "skiing",
    "surfer": "surfing",
    "sailor": "sailing",
    "rower": "rowing",
    "boxer": "boxing",
    "golfer": "golf",
    "fisherman": "fishing",
    "angler": "fishing",
    "skater": "skating",
    "dancer": "dancing",
    "singer": "singing",
    "writer": "writing",
    "poet": "poetry",
    "astronomer": "astronomy",
    "woodworker": "woodworking",
    "beekeeper": "beekeeping",
    "forager": "foraging",
    "collector": "collecting",
    "kayaker": "kayaking",
    "triathlete": "triathlons",
    "snowboarder": "snowboarding",
    "camper": "camping",
    "home brewer": "homebrewing",
    "chess player": "chess",
    "birdwatching fan": "birdwatching",
    "crocheter": "crochet",
    "quilter": "quilting",
    "sketcher": "sketching",
    "footballer": "football",
    "bell ringer": "bell ringing",
    "tennis player": "tennis",
    "yogi": "yoga",
}
