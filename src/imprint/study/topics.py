"""Which category a liked or disliked thing belongs to: by the verb or small lexicons."""

import re

from imprint.study.lexicon import ANIMALS, GAMES, HOBBIES, SPORTS, word_set
from imprint.study.spans import singular

_FOOD = word_set("""food, dairy, gluten, sugar, salt, wheat, soy, soya, carbs, animal products, raw fish, processed
food, pizza, pasta, curry, sushi, ramen, noodles, dumplings, dosa, biryani, dal, naan, samosa, tacos, taco, burrito,
burritos, chilli, chili, hummus, falafel, kebab, shawarma, paella, tapas, risotto, lasagne, lasagna, gnocchi,
burger, burgers, steak, chicken, beef, pork, lamb, bacon, ham, sausage, sausages, chorizo, salami, meat, red meat,
offal, liver, black pudding, haggis, fish, salmon, tuna, cod, mackerel, sardines, anchovies, prawns, shrimp, crab,
lobster, oysters, mussels, squid, octopus, seafood, shellfish, egg, eggs, omelette, cheese, blue cheese, goat's
cheese, feta, halloumi, mozzarella, parmesan, brie, stilton, yoghurt, yogurt, butter, cream, custard, bread,
sourdough, toast, bagels, croissants, croissant, pastry, pastries, cake, cakes, carrot cake, cheesecake, brownies,
cookies, biscuits, pie, pies, crumble, pudding, trifle, tiramisu, ice cream, gelato, chocolate, dark chocolate, milk
chocolate, white chocolate, sweets, candy, liquorice, licorice, marzipan, nougat, fudge, caramel, honey, jam,
marmalade, marmite, peanut butter, nutella, crisps, chips, fries, popcorn, pretzels, nuts, cashews, almonds,
peanuts, walnuts, pistachios, olives, capers, pickles, gherkins, sauerkraut, kimchi, mustard, mayo, mayonnaise,
ketchup, vinegar, garlic, onion, onions, ginger, coriander, cilantro, parsley, basil, mint, dill, rosemary,
cinnamon, cumin, turmeric, saffron, spicy food, chillies, wasabi, tomato, tomatoes, potato, potatoes, mash, rice,
beans, baked beans, lentils, chickpeas, tofu, tempeh, seitan, quinoa, couscous, mushroom, mushrooms, aubergine,
eggplant, courgette, courgettes, zucchini, pepper, peppers, cucumber, celery, carrots, peas, broccoli, cauliflower,
cabbage, kale, spinach, sprouts, brussels sprouts, lettuce, salad, salads, beetroot, beets, radish, turnip,
parsnips, swede, sweetcorn, corn, leeks, asparagus, artichokes, okra, pumpkin, squash, avocado, avocados, apple,
apples, pear, pears, banana, bananas, orange, oranges, grapes, grapefruit, lemon, lemons, lime, mango, mangoes,
mangos, papaya, pineapple, melon, watermelon, kiwi, strawberries, raspberries, blueberries, blackberries, cherries,
plums, peaches, apricots, figs, dates, raisins, sultanas, coconut, durian, rhubarb, soup, stew, broth, stir fry,
sandwich, sandwiches, wraps, porridge, oatmeal, cereal, muesli, granola, pancakes, waffles, fish and chips, roast
dinner, sunday roast, shepherd's pie, takeaway, takeaways, fast food, junk food, street food, dim sum, pho, pad
thai, laksa, pierogi, borscht, goulash, schnitzel, moussaka, tagine, jollof rice, injera, plantain, empanadas,
arepas, ceviche, poutine, tofu, miso, seaweed, nori, gravy, stuffing, bbq, barbecue, dessert, desserts, thai food,
indian food, italian food, chinese food, mexican food, korean food, japanese food, vegetables, veg, fruit, spinach,
mince pies, scones, crumpets, toasties, grilled cheese, mac and cheese, hot sauce, sriracha, raw onion, raw
tomatoes, black olives, dosas""")
_DRINK = word_set("""tea, caffeine, coffee, water, sparkling water, fizzy water, tap water, milk, oat milk, soya milk,
almond milk, juice, orange juice, apple juice, squash, cordial, lemonade, cola, coke, diet coke, pepsi, fizzy
drinks, soda, energy drinks, kombucha, kefir, hot chocolate, cocoa, green tea, black tea, herbal tea, mint tea,
peppermint tea, chamomile, chamomile tea, camomile tea, earl grey, chai, matcha, espresso, latte, lattes, flat
white, flat whites, cappuccino, americano, mocha, decaf, instant coffee, filter coffee, black coffee, iced coffee,
cold brew, cortado, macchiato, beer, lager, ale, ipa, stout, guinness, cider, wine, red wine, white wine, rosé,
prosecco, champagne, gin, gin and tonic, vodka, rum, whisky, whiskey, bourbon, scotch, tequila, mezcal, brandy,
cognac, cocktails, cocktail, negroni, negronis, mojitos, sherry, port, sake, alcohol, booze, spirits, smoothies,
smoothie, milkshakes, ginger beer, ginger ale, tonic, mate, yerba mate, rooibos, oolong, bubble tea, horchata,
ayran, lassi, mead, craft beer, real ale, builder's tea, assam, darjeeling, ginger tea, lemon water""")
_MUSIC = word_set("""music, jazz, blues, rock, pop, punk, metal, heavy metal, death metal, ska, reggae, dub, dubstep,
techno, house, house music, trance, drum and bass, jungle, garage, grime, hip hop, hip-hop, rap, trap, drill, r&b,
rnb, soul, funk, disco, motown, gospel, country, country music, folk, folk music, bluegrass, indie, indie rock,
grunge, shoegaze, post-punk, prog, prog rock, emo, goth, new wave, synthpop, electronic, electronica, electronic
music, ambient, lo-fi, lofi, classical, classical music, opera, baroque, choral music, musicals, k-pop, kpop, j-pop,
afrobeat, afrobeats, salsa, bossa nova, samba, tango, flamenco, fado, klezmer, celtic music, trad, sea shanties,
northern soul, britpop, bach, mozart, beethoven, chopin, debussy, vivaldi, miles davis, coltrane, radiohead, the
beatles, beatles, bowie, david bowie, queen, abba, the cure, nirvana, metallica, taylor swift, beyonce, kate bush,
fleetwood mac, pink floyd, led zeppelin, joy division, the smiths, oasis, blur, pulp, björk, nick cave, leonard
cohen, bob dylan, joni mitchell, nina simone, stevie wonder, prince, madonna, songs, tunes, gigs, live music,
concerts, festivals, vinyl, choirs, brass bands, reggaeton, bhangra, qawwali, swing, big band, rockabilly, bebop,
autotune""")
_FILM = word_set("""film, films, movies, movie, horror films, horror movies, horror, horrors, romcoms, romcom, rom-coms,
romantic comedies, comedies, sci-fi, science fiction films, sci-fi films, thrillers, westerns, war films,
documentaries, documentary, nature documentaries, anime, cartoons, animation, pixar, studio ghibli, ghibli,
superhero films, superhero movies, marvel, marvel films, marvel movies, star wars, star trek, james bond, bond
films, black and white films, old films, foreign films, arthouse, tv, telly, reality tv, soaps, soap operas,
sitcoms, series, box sets, bake off, doctor who, the office, crime dramas, period dramas, costume dramas, quiz
shows, game shows, cooking shows, action films, action movies, slashers, musicals, film noir, cinema, hitchcock,
tarantino, wes anderson, kurosawa, dramas, detective shows, murder mysteries, k-dramas, kdramas, silent films,
stand-up specials, true crime""")
_BOOK = word_set("""book, books, novels, novel, crime novels, detective novels, detective stories, whodunnits, thriller
novels, fantasy, fantasy novels, sci-fi novels, science fiction, historical fiction, romance novels, biographies,
memoirs, poetry, poems, short stories, comics, graphic novels, manga, classics, russian novels, non-fiction,
nonfiction, self-help, self-help books, audiobooks, ebooks, paperbacks, cookbooks, history books, travel writing,
tolkien, agatha christie, terry pratchett, pratchett, discworld, ursula le guin, le guin, jane austen, austen,
dickens, dostoevsky, tolstoy, stephen king, murakami, haruki murakami, toni morrison, orwell, kafka, hilary mantel,
ferrante, elena ferrante, harry potter, lord of the rings, dune, sherlock holmes, nordic noir, literary fiction,
young adult, magazines, newspapers""")
_PLACE = word_set("""beach, beaches, the beach, sea, seaside, the sea, the seaside, ocean, mountains, mountain, hills,
lakes, lake, lake district, forest, forests, woods, countryside, the countryside, city, cities, big cities, village,
museums, museum, art galleries, galleries, parks, park, botanical gardens, gardens, garden centres, charity shops,
bookshops, second-hand bookshops, libraries, library, cafes, cafés, coffee shops, pubs, pub, restaurants, markets,
flea markets, farmers' markets, shopping centres, malls, supermarkets, airports, hospitals, clubs, nightclubs,
castles, ruins, churches, cathedrals, islands, coast, desert, rivers, canals, london, paris, rome, berlin, lisbon,
barcelona, amsterdam, tokyo, new york, edinburgh, dublin, venice, istanbul, japan, italy, spain, portugal, france,
greece, scotland, ireland, wales, cornwall, iceland, norway, india, thailand, crowds, crowded places, theme parks,
zoos, aquariums, the dentist, open-plan offices, lifts, caves, basements, waterfalls, wild places""")
_WEATHER = word_set("""rain, snow, sun, sunshine, heat, the heat, cold, the cold, cold weather, hot weather, warm
weather, storms, thunderstorms, thunder, wind, fog, mist, frost, ice, humidity, drizzle, summer, winter, autumn,
spring, fall, rainy days, snowy days, sunny days, heatwaves, heatwave, grey skies, cold mornings, crisp mornings,
hot summers, hot days, dark winters, wet weather, cloudy days, windy days, frosty mornings, sleet, hail, muggy
weather, summer heat""")
_ANIMAL = word_set("""animals, birds, bird, owls, owl, otters, otter, penguins, penguin, elephants, elephant, whales,
dolphins, sharks, shark, bears, wolves, foxes, fox, badgers, deer, squirrels, bats, butterflies, moths, moth, wasps,
wasp, bees, ants, insects, bugs, spiders, spider, snakes, slugs, snails, worms, cockroaches, cockroach, rats, mice,
pigeons, seagulls, gulls, crows, ravens, robins, sloths, capybaras, pandas, koalas, giraffes, lions, tigers, big
cats, monkeys, apes, gorillas, jellyfish, seals, puffins, kingfishers, reptiles, frogs, toads, lizards, clowns,
wildlife, mosquitoes, mosquitos, red kites, hares, swans, swallows, parrots, hedgehogs, beavers, earwigs, corvids""")
_STYLE = word_set("""clothes, dresses, dress, jeans, skinny jeans, suits, ties, high heels, heels, trainers, sneakers,
boots, hats, scarves, jumpers, hoodies, jackets, tweed, linen, denim, leather, wool, silk, polyester, bright
colours, dark colours, dark clothes, black clothes, vintage clothes, second-hand clothes, vintage, minimalism,
mid-century furniture, art deco, tattoos, piercings, jewellery, earrings, perfume, makeup, stripes, polka dots,
floral prints, plaid, tartan, pastels, neon, tight clothes, baggy clothes, bow ties, mid-century modern,
scandinavian design, bold patterns, turtlenecks, polo necks, crocs, flip-flops, sandals, animal print""")
_ACTIVITY = word_set("""walks, long walks, naps, napping, road trips, travel, shopping, housework, ironing, hoovering,
vacuuming, dishes, washing up, laundry, chores, cleaning, driving, flying, commuting, small talk, public speaking,
phone calls, meetings, parties, karaoke, queuing, early mornings, lie-ins, sunday lie-ins, hikes, bike rides,
picnics, barbecues, crafts, diy, paperwork, spreadsheets, admin, exercise, the gym, gym, sunbathing, people
watching, exams, networking, team building, sleeping in, staying in, crossword puzzles, swims, sea swims, sea
swimming, cold showers, saunas, pub quizzes, jigsaws, homework, group work, video calls, zoom calls, meditation,
theatre, art, dance, running errands, gossip""")
_LEXICONS = (
    ("drink", _DRINK),
    ("weather", _WEATHER),
    ("film", _FILM),
    ("book", _BOOK),
    ("music", _MUSIC),
    ("game", GAMES - {"cards"}),
    ("food", _FOOD),
    ("animal", _ANIMAL | ANIMALS),
    ("sport", SPORTS - {"running", "swimming", "cycling", "climbing", "yoga", "weights", "riding", "spin", "walking"}),
    ("place", _PLACE),
    ("style", _STYLE),
    ("activity", _ACTIVITY | HOBBIES | {"running", "swimming", "cycling", "climbing", "yoga", "riding"}),
)
_BY_VERB = {
    "eat": "food",
    "cook": "food",
    "bake": "food",
    "drink": "drink",
    "sip": "drink",
    "listen": "music",
    "watch": "film",
    "read": "book",
    "wear": "style",
    "visit": "place",
    "play": "game",
    "dance": "activity",
    "hear": "music",
}
_LAST_WORDS = {
    "film": "film",
    "films": "film",
    "movie": "film",
    "movies": "film",
    "novels": "book",
    "novel": "book",
    "books": "book",
    "book": "book",
    "music": "music",
    "songs": "music",
    "bands": "music",
    "food": "food",
    "tea": "drink",
    "coffee": "drink",
    "wine": "drink",
    "beer": "drink",
    "juice": "drink",
    "weather": "weather",
    "days": "weather",
    "games": "game",
    "clothes": "style",
    "shirts": "style",
    "shoes": "style",
    "cheese": "food",
    "cake": "food",
    "soup": "food",
    "curry": "food",
    "pie": "food",
    "pizza": "food",
    "bread": "food",
    "sauce": "food",
    "chocolate": "food",
    "salad": "food",
    "cuisine": "food",
    "dishes": "food",
    "rock": "music",
    "metal": "music",
    "jazz": "music",
    "stories": "book",
    "poetry": "book",
    "shows": "film",
    "dramas": "film",
    "parks": "place",
    "museums": "place",
    "galleries": "place",
    "cities": "place",
    "beaches": "place",
    "islands": "place",
    "milk": "drink",
    "water": "drink",
    "rain": "weather",
}


def category_by_words(value: str, verb: str = "") -> str:
    """Category of a thing by its words, helped by the verb it was said with; "" when neither tells."""
    low = value.lower()
    bare = low.removeprefix("the ").removeprefix("a ").removeprefix("good ")
    bare = re.split(r" (?:in|on|with|for|from|at|by|about|without|near|under|over|through|to) ", bare)[0]
    last = bare.split()[-1] if bare.split() else ""
    for candidate in (low, bare, singular(bare), last, singular(last)):
        if not candidate:
            continue
        if candidate == last and last in _LAST_WORDS:
            return _LAST_WORDS[last]
        for category, words in _LEXICONS:
            if candidate in words or candidate + "s" in words:
                # "watch rugby" and "watch rain" stay what they are; "watch dogs" is no film either.
                return _settled(category, verb)
    if verb in _BY_VERB:
        return _BY_VERB[verb]
    first = bare.split()[0] if bare.split() else ""
    if (
        first.endswith("ing")
        and len(first) > 5
        and first not in ("something", "anything", "everything", "nothing", "evening", "morning", "wedding", "building")
    ):
        return "activity"
    return ""


def _settled(category: str, verb: str) -> str:
    if verb in ("eat", "cook", "bake") and category in ("animal", "drink", "place"):
        return "food"
    if verb == "listen" and category in ("activity", "film", "book"):
        return "music"
    if verb == "read" and category in ("film", "activity"):
        return "book"
    if verb == "watch" and category in ("book", "music", "activity"):
        return "film"
    return category


def head_noun(value: str) -> str:
    """What a phrase is about: its last word before any preposition, lower case ("old maps of Asia" -> "maps")."""
    words = value.lower().split()
    for index, word in enumerate(words):
        if index and word in (
            "of",
            "in",
            "on",
            "with",
            "for",
            "from",
            "at",
            "to",
            "by",
            "about",
            "that",
            "without",
            "near",
        ):
            words = words[:index]
            break
    return words[-1].strip("'\",.") if words else ""
